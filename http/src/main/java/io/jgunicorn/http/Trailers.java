package io.jgunicorn.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Trailer fields of one chunked body: the limits of header fields hold for them too. Nothing reads
 * them; Netty's decoder fills them in and takes an exception for a malformed body. Event loop only.
 */
final class Trailers extends DefaultHttpHeaders {
    private static final int COLON_BLANK_CR_LF = 4;

    private final HeadLimits limits;
    private int fields;

    private Trailers(HeadLimits limits) {
        this.limits = limits;
    }

    static HttpHeadersFactory factory(HeadLimits limits) {
        return new HttpHeadersFactory() {
            @Override
            public HttpHeaders newHeaders() {
                return new Trailers(limits);
            }

            @Override
            public HttpHeaders newEmptyHeaders() {
                return new Trailers(limits);
            }
        };
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        fields++;
        int size = name.length() + value.toString().length() + COLON_BLANK_CR_LF;
        if (fields > limits.fields() || size > limits.fieldSize()) {
            throw new IllegalArgumentException("trailer section beyond the limits");
        }
        return super.add(name, value);
    }
}
