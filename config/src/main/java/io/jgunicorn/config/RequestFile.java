package io.jgunicorn.config;

import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of requests as they go over the wire: request line, header lines, an empty line between
 * requests. Lines that begin with {@code #} are comments; lines end in LF or CR LF. There are no
 * bodies. What passes here is a well-formed request (RFC 9112 sections 3 and 5); whether it keeps
 * to the {@code limit_request_*} settings is for the HTTP side to say. One thread, one file.
 */
final class RequestFile {
    private static final Pattern REQUEST_LINE =
            Pattern.compile("([A-Z-]{3,20} /[!-~\\x80-\\xff]*) HTTP/1\\.[01]");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\\t -~\\x80-\\xff]*)");
    private static final Set<String> AT_MOST_ONCE = Set.of("host", "content-type");
    private static final Set<String> WITH_A_BODY =
            Set.of("content-length", "transfer-encoding", "expect");

    private final List<WarmupRequest> requests = new ArrayList<>();
    private final Set<String> fields = new TreeSet<>();
    private String name = "";
    private String head = "";

    private RequestFile() {}

    /**
     * The requests, at least one.
     *
     * @param text bytes as ISO 8859-1 characters
     * @throws InvalidValueException names the line and what is allowed there
     */
    static List<WarmupRequest> parse(String text) {
        RequestFile file = new RequestFile();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            file.line(
                    i + 1,
                    lines[i].endsWith("\r")
                            ? lines[i].substring(0, lines[i].length() - 1)
                            : lines[i]);
        }
        file.end();
        if (file.requests.isEmpty()) {
            throw new InvalidValueException("the file must hold at least one request.");
        }
        return file.requests;
    }

    private void line(int number, String line) {
        if (line.startsWith("#")) {
            return;
        }
        if (line.isBlank()) {
            end();
        } else if (head.isEmpty()) {
            Matcher parts = REQUEST_LINE.matcher(line);
            require(parts.matches(), number, line, "must be METHOD /PATH HTTP/1.1");
            name = parts.group(1);
            head = line + "\r\n";
        } else {
            Matcher parts = FIELD.matcher(line);
            require(parts.matches(), number, line, "must be NAME: VALUE");
            String field = parts.group(1).toLowerCase(Locale.ROOT);
            require(
                    !WITH_A_BODY.contains(field) || announcesNothing(field, parts.group(2)),
                    number,
                    line,
                    "must go: only requests without a body can be replayed");
            require(
                    fields.add(field) || !AT_MOST_ONCE.contains(field),
                    number,
                    line,
                    "must not be there twice");
            head += line + "\r\n";
        }
    }

    private static boolean announcesNothing(String field, String value) {
        return field.equals("content-length") && value.strip().equals("0");
    }

    private static void require(boolean fact, int number, String line, String rule) {
        if (!fact) {
            throw new InvalidValueException(
                    "line " + number + " of the file: " + PyText.repr(line) + " " + rule + ".");
        }
    }

    private void end() {
        if (!head.isEmpty()) {
            requests.add(new WarmupRequest(name, head + "\r\n"));
            head = "";
            fields.clear();
        }
    }
}
