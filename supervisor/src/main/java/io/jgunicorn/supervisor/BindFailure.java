package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;

/** A listening socket could not be made; the text is for the operator. */
final class BindFailure extends Exception {
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    private final transient BindAddress address;
    private final int errno;
    private final boolean worthARetry;

    private BindFailure(BindAddress address, int errno, String reason, boolean worthARetry) {
        super(reason);
        this.address = address;
        this.errno = errno;
        this.worthARetry = worthARetry;
    }

    /** The system refused, perhaps only for now. */
    static BindFailure refused(BindAddress address, int errno, String reason) {
        return new BindFailure(address, errno, "[Errno " + errno + "] " + reason, true);
    }

    /** Trying again would change nothing. */
    static BindFailure hopeless(BindAddress address, String reason) {
        return new BindFailure(address, 0, reason, false);
    }

    boolean worthARetry() {
        return worthARetry;
    }

    boolean inUse() {
        return errno == EADDRINUSE;
    }

    boolean invalidAddress() {
        return errno == EADDRNOTAVAIL;
    }

    /** The address as Python would show it: {@code ('127.0.0.1', 8000)} or a path. */
    String shownAddress() {
        return switch (address) {
            case BindAddress.Tcp(String host, int port) -> "('" + host + "', " + port + ")";
            case BindAddress.UnixSocket(var path) -> path.toString();
            case BindAddress.InheritedFd(int fd) -> "fd " + fd;
        };
    }
}
