package io.jgunicorn.http;

import java.util.Set;

/**
 * What becomes of fields in which proxies tell whom they speak for ({@code proxy_headers}): one
 * object per request, or a shared one that has no state. Event loop only.
 */
interface ProxyHeaders {
    /** Nothing is followed: they are fields like any other, as in gunicorn. */
    ProxyHeaders OFF =
            new ProxyHeaders() {
                @Override
                public boolean keeps(String name, String value) {
                    return true;
                }

                @Override
                public boolean leavesTheSchemeTo(String name) {
                    return true;
                }
            };

    /** Such names apart from {@code X-Forwarded-*}: those that applications are known to read. */
    Set<String> NAMES =
            Set.of(
                    "FORWARDED",
                    "FORWARDED-FOR",
                    "X-FORWARDED",
                    "X-ORIGINAL-FORWARDED-FOR",
                    "X-REAL-IP",
                    "X-CLIENT-IP",
                    "X-REMOTE-IP",
                    "X-REMOTE-ADDR",
                    "X-ORIGINATING-IP",
                    "X-CLUSTER-CLIENT-IP",
                    "X-ENVOY-EXTERNAL-ADDRESS",
                    "CLIENT-IP",
                    "TRUE-CLIENT-IP",
                    "PROXY-CLIENT-IP",
                    "WL-PROXY-CLIENT-IP",
                    "CF-CONNECTING-IP",
                    "CF-CONNECTING-IPV6",
                    "FASTLY-CLIENT-IP",
                    "X-HTTPS",
                    "FRONT-END-HTTPS",
                    "X-SCHEME",
                    "X-URL-SCHEME",
                    "X-ORIGINAL-HOST",
                    "X-HOST");

    /**
     * Takes note of a field.
     *
     * @param name in upper case
     * @return false if the application is not to see it
     * @throws RefusedRequestException if the field is malformed
     */
    boolean keeps(String name, String value);

    /**
     * Whether a field of this name, which it {@link #keeps}, may tell the scheme if it is one of
     * {@code secure_scheme_headers}.
     */
    boolean leavesTheSchemeTo(String name);

    /**
     * The request as the application is to see it, once all fields have been noted.
     *
     * @throws RefusedRequestException if the fields name an impossible host or port
     */
    default RequestHead applied(RequestHead head) {
        return head;
    }

    /** The name with hyphens: WSGI cannot tell it from one with underscores. */
    static String plain(String name) {
        return name.indexOf('_') < 0 ? name : name.replace('_', '-');
    }

    /** Whether a field of this name, with hyphens, speaks for a client. */
    static boolean speaksForAClient(String plainName) {
        return plainName.startsWith("X-FORWARDED-") || NAMES.contains(plainName);
    }

    /**
     * For a peer that nobody trusts: such fields are removed.
     *
     * @param others further names, in upper case and with hyphens
     */
    record Removed(Set<String> others) implements ProxyHeaders {
        @Override
        public boolean keeps(String name, String value) {
            String plain = plain(name);
            return !speaksForAClient(plain) && !others.contains(plain);
        }

        @Override
        public boolean leavesTheSchemeTo(String name) {
            return false;
        }
    }
}
