package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.RequestLimits;

/**
 * The limits on a request's head that are in force, after gunicorn's special cases.
 *
 * <table>
 * <caption>From setting to limit</caption>
 * <tr><td>request line</td><td>{@code limit_request_line} bytes without CR LF; 0 means 1 MiB</td></tr>
 * <tr><td>fields</td><td>{@code limit_request_fields}; 0 or more than 32768 means 32768</td></tr>
 * <tr><td>one field line</td><td>{@code limit_request_field_size} bytes with CR LF; 0 means 8190</td></tr>
 * <tr><td>all field lines</td><td>fields * (size + 2) + 4 bytes</td></tr>
 * </table>
 */
record HeadLimits(int line, int fields, int fieldSize, long block) {
    private static final int UNLIMITED_LINE = 1 << 20;
    private static final int MOST_FIELDS = 32768;
    private static final int DEFAULT_FIELD_SIZE = 8190;

    static HeadLimits of(RequestLimits limits) {
        int line = limits.line() == 0 ? UNLIMITED_LINE : limits.line();
        boolean most = limits.fields() == 0 || limits.fields() > MOST_FIELDS;
        int fields = most ? MOST_FIELDS : limits.fields();
        int size = limits.fieldSize() == 0 ? DEFAULT_FIELD_SIZE : limits.fieldSize();
        return new HeadLimits(line, fields, size, fields * (size + 2L) + 4);
    }
}
