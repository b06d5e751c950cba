package io.jgunicorn.supervisor;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where a process meets the one that it starts, which may be another program by then: a Unix socket
 * without a file, whose name nobody guesses, told by a variable of the environment. Each end asks
 * the kernel who the other is.
 *
 * @param name the name in the abstract namespace, without the NUL before it
 */
record Rendezvous(String name) {
    private static final String ABSTRACT = "\0";
    private static final String SHOWN = "@"; // a variable cannot have NUL

    /**
     * A place of which nobody knows yet.
     *
     * @param purpose for who lists the sockets of the system
     */
    static Rendezvous fresh(String purpose) {
        String random = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        return new Rendezvous("jgunicorn-" + purpose + "-" + random);
    }

    /** The place that {@link #toString} wrote. */
    static Rendezvous parse(String text) {
        return new Rendezvous(text.substring(SHOWN.length()));
    }

    /** For the socket. */
    String address() {
        return ABSTRACT + name;
    }

    @Override
    public String toString() {
        return SHOWN + name;
    }

    /** True if that process has started this one and still runs. */
    static boolean isParent(long pid) {
        return ProcessHandle.current().parent().filter(parent -> parent.pid() == pid).isPresent();
    }
}
