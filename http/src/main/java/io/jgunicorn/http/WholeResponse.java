package io.jgunicorn.http;

import io.jgunicorn.http.ResponseHead.Framing;

/**
 * How a response whose body is known completely goes out. Made on the application thread.
 *
 * @param length bytes of the body to send
 */
record WholeResponse(ResponseHead head, int length, boolean keepAlive) {

    /**
     * Decides framing: the application's Content-Length, cut or closed if it is wrong; else the
     * real length; nothing for 1xx, 204, 304 and HEAD, except that HEAD may learn the length.
     *
     * @param available bytes the application gave
     */
    static WholeResponse of(Http1Exchange exchange, Outbound outbound, int available) {
        String status = exchange.status();
        RequestHead request = exchange.request();
        long announced = exchange.headers().contentLength();
        boolean headRequest = request.method().equals("HEAD");
        boolean notModified = StatusLine.code(status) == 304;
        boolean keepAlive = outbound.keepsAlive(exchange.wantsKeepAlive());
        Framing framing = ResponseHead.AS_GIVEN;
        int length = available;
        if (StatusLine.hasNoContent(status) || headRequest || notModified) {
            length = 0;
            if (available > 0) {
                outbound.notices().debug(StatusLine.droppedBody(request, status));
            }
            if (StatusLine.hasNoContent(status)) {
                framing = ResponseHead.BODILESS;
            } else if (!notModified && announced < 0 && available > 0) {
                framing = new Framing.Length(available);
            }
        } else if (announced < 0) {
            framing = new Framing.Length(available);
        } else if (announced <= available) {
            length = (int) announced;
        } else {
            keepAlive = false;
            outbound.notices().warning(StatusLine.tooShort(available, announced, request));
        }
        ResponseHead head =
                ResponseHead.of(
                        request.protocol(),
                        status,
                        outbound.dateLine(),
                        keepAlive,
                        framing,
                        exchange.headers());
        return new WholeResponse(head, length, keepAlive);
    }
}
