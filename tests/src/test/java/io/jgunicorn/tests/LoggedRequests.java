package io.jgunicorn.tests;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests of many kinds, as the bytes that one client sends on one connection. Text is ISO 8859-1,
 * one character a byte.
 *
 * @param bytes one request, or several that follow each other
 */
record LoggedRequests(String name, String bytes) {
    private static final String HOST = "Host: test\r\n";

    /** The bytes of a request with these header lines. */
    static String request(String line, String... headers) {
        StringBuilder text = new StringBuilder(line).append("\r\n").append(HOST);
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static LoggedRequests get(String name, String target, String... headers) {
        return new LoggedRequests(name, request("GET " + target + " HTTP/1.1", headers));
    }

    private static LoggedRequests of(String name, String line, String... headers) {
        return new LoggedRequests(name, request(line, headers));
    }

    /** All kinds, in the order they are sent. */
    static List<LoggedRequests> all() {
        List<LoggedRequests> all = new ArrayList<>();
        targets(all);
        methods(all);
        headers(all);
        users(all);
        bodies(all);
        responses(all);
        connections(all);
        proxies(all);
        refused(all);
        return all;
    }

    private static void targets(List<LoggedRequests> all) {
        all.add(get("a plain GET", "/"));
        all.add(get("a query", "/search?q=one&q=two"));
        all.add(get("an empty query", "/search?"));
        all.add(get("quotes in the query", "/search?q=\"1\""));
        all.add(get("a fragment", "/page#part"));
        all.add(get("percent-encoded bytes", "/a%20b%2Fc%25"));
        all.add(get("percent-encoded UTF-8", "/caf%C3%A9?caf%C3%A9"));
        all.add(get("UTF-8 as it is", "/caf\u00c3\u00a9"));
        all.add(get("a byte that is no UTF-8", "/caf\u00e9"));
        all.add(get("malformed escapes", "/%zz%4"));
        all.add(get("a plus and a semicolon", "/a+b;c=d"));
        all.add(get("dots and double slashes", "//a/../b/./c"));
        all.add(get("the absolute form", "http://other.example/path?query"));
        all.add(get("the absolute form without a path", "http://other.example"));
        all.add(get("an encoded line end in the path", "/a%0d%0ab"));
        all.add(get("an encoded quote in the path", "/a%22b"));
    }

    private static void methods(List<LoggedRequests> all) {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND")) {
            all.add(of("method " + method, method + " / HTTP/1.1", "Content-Length: 0"));
        }
        all.add(of("OPTIONS *", "OPTIONS * HTTP/1.1"));
        all.add(of("HEAD", "HEAD /head HTTP/1.1"));
        all.add(of("HEAD with a body that is not sent", "HEAD / HTTP/1.1"));
    }

    private static void headers(List<LoggedRequests> all) {
        all.add(get("referer and agent", "/", "Referer: http://r/", "User-Agent: agent/1 (x; y)"));
        all.add(get("quotes in referer and agent", "/", "Referer: \"r\"", "User-Agent: a\\\"b\""));
        all.add(get("a tab in the agent", "/", "User-Agent: a\tb"));
        all.add(get("bytes above 127 in the agent", "/", "User-Agent: caf\u00e9 \u00c3\u00a9"));
        all.add(get("empty referer and agent", "/", "Referer:", "User-Agent:"));
        all.add(get("percent signs in the agent", "/", "User-Agent: %(h)s %s %d 100%"));
        all.add(get("two agents", "/", "User-Agent: first", "User-Agent: second"));
        all.add(get("two referers", "/", "Referer: first", "referer: second"));
        all.add(get("the same field twice", "/", "X-Twice: 1", "X-TWICE: 2"));
        all.add(get("a name with an underscore", "/", "X_Twice: 1"));
    }

    private static void users(List<LoggedRequests> all) {
        all.add(get("a Basic user", "/", "Authorization: Basic dXNlcjpwdw==")); // user:pw
        all.add(get("basic in small letters", "/", "Authorization: basic dXNlcjpwdw=="));
        all.add(get("a Basic user without a colon", "/", "Authorization: Basic dXNlcg==")); // user
        all.add(get("an empty Basic user", "/", "Authorization: Basic OnB3")); // :pw
        all.add(get("a Basic user in UTF-8", "/", "Authorization: Basic w6k6cHc="));
        all.add(get("a Basic user that is no UTF-8", "/", "Authorization: Basic 6TpwdzE=")); // e9
        all.add(get("a Basic user with a quote", "/", "Authorization: Basic dSJzOnB3")); // u"s:pw
        all.add(get("Basic without padding", "/", "Authorization: Basic dXNlcjpwdw"));
        all.add(get("Basic that is no base64", "/", "Authorization: Basic !!!"));
        all.add(get("Basic with strange letters", "/", "Authorization: Basic dXNl!cjpwdw=="));
        all.add(get("Basic without a value", "/", "Authorization: Basic"));
        all.add(get("another scheme", "/", "Authorization: Bearer dXNlcjpwdw=="));
        all.add(
                get(
                        "a Basic user with a line end",
                        "/",
                        "Authorization: Basic dQpzOnB3")); // u\ns:pw
    }

    private static void bodies(List<LoggedRequests> all) {
        all.add(
                new LoggedRequests(
                        "a body", request("POST /echo HTTP/1.1", "Content-Length: 5") + "hello"));
        all.add(
                new LoggedRequests(
                        "a chunked body",
                        request("POST /echo HTTP/1.1", "Transfer-Encoding: chunked")
                                + "5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\n\r\n"));
        all.add(
                new LoggedRequests(
                        "a body of a megabyte",
                        request("POST /echo HTTP/1.1", "Content-Length: 1000000")
                                + "x".repeat(1_000_000)));
        all.add(
                new LoggedRequests(
                        "a body nobody reads",
                        request("POST / HTTP/1.1", "Content-Length: 5") + "hello"));
        all.add(
                new LoggedRequests(
                        "Expect: 100-continue",
                        request("PUT /echo HTTP/1.1", "Content-Length: 2", "Expect: 100-continue")
                                + "hi"));
    }

    private static void responses(List<LoggedRequests> all) {
        for (String target :
                List.of("/204", "/304", "/404", "/302", "/odd", "/stream", "/known", "/big")) {
            all.add(get("response " + target, target));
        }
        all.add(get("what write() sends", "/write"));
        all.add(get("a response longer than announced", "/too-much"));
        all.add(get("an exception before the head", "/raises"));
        all.add(get("an exception after the head", "/raises-late"));
    }

    private static void connections(List<LoggedRequests> all) {
        all.add(of("HTTP/1.0", "GET / HTTP/1.0"));
        all.add(of("HTTP/1.0 kept alive", "GET / HTTP/1.0", "Connection: keep-alive"));
        all.add(of("a stream for HTTP/1.0", "GET /stream HTTP/1.0"));
        all.add(get("Connection: close", "/", "Connection: close"));
        all.add(
                new LoggedRequests(
                        "three requests on one connection",
                        request("GET /1 HTTP/1.1")
                                + request("POST /echo HTTP/1.1", "Content-Length: 3")
                                + "two"
                                + request("GET /3 HTTP/1.1", "Connection: close")));
    }

    /** From a peer that is trusted. */
    private static void proxies(List<LoggedRequests> all) {
        all.add(get("SCRIPT_NAME of a proxy", "/app/page?q", "SCRIPT_NAME: /app"));
        all.add(get("https at a proxy", "/", "X-Forwarded-Proto: https"));
        all.add(get("a client's X-Forwarded-For", "/", "X-Forwarded-For: 203.0.113.9"));
        all.add(get("an address that middleware sets", "/proxied"));
        all.add(
                new LoggedRequests(
                        "the PROXY protocol",
                        "PROXY TCP4 203.0.113.9 192.0.2.1 4711 80\r\n"
                                + request("GET / HTTP/1.1")));
    }

    /** What no application sees. */
    private static void refused(List<LoggedRequests> all) {
        all.add(of("a path outside of SCRIPT_NAME", "GET /x HTTP/1.1", "SCRIPT_NAME: /app"));
        all.add(of("an invalid method", "get / HTTP/1.1"));
        all.add(of("an invalid version", "GET / HTTP/9.9"));
        all.add(of("no version", "GET /"));
        all.add(of("no request line", "nonsense"));
        all.add(get("a request line that is too long", "/" + "x".repeat(5000)));
        all.add(get("a field that is too long", "/", "X-Long: " + "x".repeat(9000)));
        all.add(get("an invalid field name", "/", "X Y: 1"));
        all.add(get("a field without a colon", "/", "nonsense"));
        all.add(get("an invalid Content-Length", "/", "Content-Length: x"));
        all.add(get("two lengths", "/", "Content-Length: 1", "Content-Length: 2"));
        all.add(get("another expectation", "/", "Expect: wonders"));
        all.add(get("an unknown transfer coding", "/", "Transfer-Encoding: gzip"));
    }
}
