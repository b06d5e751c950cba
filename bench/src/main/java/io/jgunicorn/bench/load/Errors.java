package io.jgunicorn.bench.load;

/**
 * Requests that failed, by kind. A timeout is an answer that took longer than {@link
 * Wrk#TIMEOUT_SECONDS} seconds. wrk does not see requests that are never answered: for those there
 * is the count of connections served.
 *
 * @param status answers that were neither 2xx nor 3xx
 */
public record Errors(long connect, long read, long write, long status, long timeout) {
    public static final Errors NONE = new Errors(0, 0, 0, 0, 0);

    public long total() {
        return connect + read + write + status + timeout;
    }

    public Errors plus(Errors other) {
        return new Errors(
                connect + other.connect,
                read + other.read,
                write + other.write,
                status + other.status,
                timeout + other.timeout);
    }

    /** The kinds that occurred, such as {@code 3 timeout}; empty if there was none. */
    public String description() {
        StringBuilder out = new StringBuilder();
        append(out, connect, "connect");
        append(out, read, "read");
        append(out, write, "write");
        append(out, status, "status");
        append(out, timeout, "timeout");
        return out.toString();
    }

    private static void append(StringBuilder out, long count, String kind) {
        if (count > 0) {
            out.append(out.isEmpty() ? "" : ", ").append(count).append(' ').append(kind);
        }
    }
}
