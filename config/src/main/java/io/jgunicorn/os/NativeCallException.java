package io.jgunicorn.os;

/** A system call failed; the text names the call, its arguments and the reason. */
public final class NativeCallException extends RuntimeException {
    private final int errno;

    NativeCallException(String call, int errno, String reason) {
        super(call + " failed: " + reason + " (errno " + errno + ")");
        this.errno = errno;
    }

    /** The error number, as in errno(3). */
    public int errno() {
        return errno;
    }
}
