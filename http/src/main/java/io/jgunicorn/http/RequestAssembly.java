package io.jgunicorn.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Turns a decoded head into what the application sees, and into the facts its framing rests on.
 * Event loop only.
 */
record RequestAssembly(RequestHead head, RequestFacts facts) {

    /**
     * @param protocol version text as sent
     * @throws RefusedRequestException if the fields may not be used as they are
     */
    static RequestAssembly of(
            HttpRequest request, String protocol, Peer peer, ForwardedPolicy policy) {
        boolean persistent = !protocol.equals("HTTP/1.0");
        RequestFacts facts = new RequestFacts(persistent);
        HttpHeaders received = request.headers();
        List<RequestHead.Header> headers = new ArrayList<>(received.size());
        ProxyHeaders proxyHeaders = policy.proxyHeaders(peer);
        boolean believed = policy.believes(peer);
        String scheme = "";
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = received.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            // Shared, or kept by the AsciiString: no copy per request.
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            if (name.indexOf('_') >= 0 && !policy.keeps(name, believed)) {
                continue;
            }
            if (!proxyHeaders.keeps(name, value)) {
                continue;
            }
            facts.note(name, value);
            if (believed && proxyHeaders.leavesTheSchemeTo(name)) {
                scheme = agreed(scheme, policy.scheme(name, value));
            }
            headers.add(new RequestHead.Header(name, value));
        }
        String target = request.uri();
        int fragment = target.indexOf('#');
        String whole = fragment < 0 ? target : target.substring(0, fragment);
        int question = whole.indexOf('?');
        RequestHead head =
                new RequestHead(
                        request.method().name(),
                        target,
                        path(question < 0 ? whole : whole.substring(0, question)),
                        question < 0 ? "" : whole.substring(question + 1),
                        protocol,
                        Collections.unmodifiableList(headers),
                        scheme.isEmpty() ? "http" : scheme,
                        peer.client(),
                        peer.clientPort(),
                        peer.server(),
                        peer.serverPort(),
                        peer.proxied());
        return new RequestAssembly(proxyHeaders.applied(head), facts);
    }

    private static String agreed(String before, String now) {
        if (now.isEmpty()) {
            return before;
        }
        if (!before.isEmpty() && !before.equals(now)) {
            throw RefusedRequestException.badRequest("Contradictory scheme headers");
        }
        return now;
    }

    /** RFC 9112 section 3.2: the path of any target form, without query and fragment. */
    private static String path(String target) {
        if (target.isEmpty() || target.charAt(0) == '/' || target.equals("*")) {
            return target;
        }
        int authority = target.indexOf("://");
        if (authority >= 0) {
            int slash = target.indexOf('/', authority + 3);
            return slash < 0 ? "" : target.substring(slash);
        }
        return target.substring(target.indexOf(':') + 1);
    }
}
