package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.ClientGoneException;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.ResponseHeaders;
import io.jgunicorn.worker.Heads;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentRequestsTest {
    private final RecentRequests recent = new RecentRequests();

    private static RequestHead request(String method, String target, String... headers) {
        return Heads.of(
                method,
                target,
                List.of(headers).stream()
                        .map(h -> h.split(": "))
                        .map(h -> new RequestHead.Header(h[0], h[1]))
                        .toList());
    }

    private void answered(RequestHead request, String status) throws ClientGoneException {
        DiscardedExchange exchange = new DiscardedExchange(request);
        exchange.respond(status, ResponseHeaders.parse("", 0), new byte[0]);
        recent.ended(exchange);
    }

    private void answered(String target) throws ClientGoneException {
        answered(request("GET", target), "200 OK");
    }

    @Test
    void noNewsIsEmpty() throws Exception {
        assertThat(recent.news()).isEmpty();
        answered("/a");
        assertThat(recent.news()).contains(List.of("GET /a HTTP/1.1\r\n\r\n"));
        assertThat(recent.news()).isEmpty();
        answered("/a");
        assertThat(recent.news()).isEmpty();
    }

    @Test
    void onlyFieldsThatSayNothingAboutThePersonAreKept() throws Exception {
        answered(
                request(
                        "GET",
                        "/a?b=c",
                        "HOST: shop.example",
                        "COOKIE: session=1",
                        "AUTHORIZATION: Basic x",
                        "ACCEPT: text/html",
                        "X-FORWARDED-PROTO: https",
                        "X-FORWARDED-FOR: 192.0.2.1"),
                "304 Not Modified");

        assertThat(recent.news().orElseThrow())
                .containsExactly(
                        """
                        GET /a?b=c HTTP/1.1
                        HOST: shop.example
                        ACCEPT: text/html
                        X-FORWARDED-PROTO: https

                        """
                                .replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /a, 200 OK",
        "HEAD, /a, 200 OK",
        "GET, /a, 404 Not Found",
        "GET, /a, 500 Oops",
        "GET, http://host/a, 200 OK",
        "GET, *, 200 OK"
    })
    void whatIsNoSafeRequestAnsweredWellIsNotKept(String method, String target, String status)
            throws Exception {
        answered(request(method, target), status);
        assertThat(recent.news()).isEmpty();
    }

    @Test
    void requestWithoutResponseIsNotKept() {
        recent.ended(new DiscardedExchange(request("GET", "/a")));
        assertThat(recent.news()).isEmpty();
    }

    @Test
    void longHeadIsNotKept() throws Exception {
        answered("/" + "a".repeat(RecentRequests.LONGEST_HEAD));
        assertThat(recent.news()).isEmpty();
    }

    @Test
    void leastRecentTargetGoesFirst() throws Exception {
        for (int i = 0; i < RecentRequests.MOST; i++) {
            answered("/" + i);
        }
        answered("/0");
        answered("/new");

        assertThat(recent.news().orElseThrow())
                .hasSize(RecentRequests.MOST)
                .doesNotContain("GET /1 HTTP/1.1\r\n\r\n")
                .endsWith("GET /0 HTTP/1.1\r\n\r\n", "GET /new HTTP/1.1\r\n\r\n");
    }
}
