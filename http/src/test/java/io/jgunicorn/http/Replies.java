package io.jgunicorn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Handlers for tests, and a way to run application code on a thread of its own. */
final class Replies {
    static final ResponseHeaders NONE = ResponseHeaders.parse("", 0);

    private Replies() {}

    /** Application code, which may block. */
    interface App {
        void run(Exchange exchange) throws Exception;
    }

    /** Runs the application on a new thread for each request, as a worker would on its own. */
    static RequestHandler onOwnThread(App app) {
        return exchange ->
                Thread.ofPlatform()
                        .name("app")
                        .daemon(true)
                        .start(
                                () -> {
                                    try {
                                        app.run(exchange);
                                    } catch (ClientGoneException _) {
                                        return;
                                    } catch (Exception e) {
                                        exchange.fail();
                                    }
                                });
    }

    static ResponseHeaders headers(String... namesAndValues) {
        return ResponseHeaders.parse(String.join("\n", namesAndValues), namesAndValues.length / 2);
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static void ok(Exchange exchange, String body) throws ClientGoneException {
        exchange.respond("200 OK", NONE, bytes(body));
    }
}
