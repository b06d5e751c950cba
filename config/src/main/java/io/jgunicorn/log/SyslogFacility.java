package io.jgunicorn.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Names of syslog's facilities and their codes (RFC 5424 section 6.2.1). */
public final class SyslogFacility {
    private static final List<String> BY_CODE =
            List.of(
                    "kern",
                    "user",
                    "mail",
                    "daemon",
                    "auth",
                    "syslog",
                    "lpr",
                    "news",
                    "uucp",
                    "cron",
                    "authpriv",
                    "ftp");

    private static final Map<String, Integer> OTHERS = Map.of("security", 4);

    private static final int LOCAL_0 = 16;

    private SyslogFacility() {}

    /** The code of a name in any case; empty if there is no such facility. */
    public static OptionalInt code(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.matches("local[0-7]")) {
            return OptionalInt.of(LOCAL_0 + lower.charAt(5) - '0');
        }
        Integer other = OTHERS.get(lower);
        int code = other != null ? other : BY_CODE.indexOf(lower);
        return code < 0 ? OptionalInt.empty() : OptionalInt.of(code);
    }
}
