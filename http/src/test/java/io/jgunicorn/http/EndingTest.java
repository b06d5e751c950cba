package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.NONE;
import static io.jgunicorn.http.Replies.bytes;
import static io.jgunicorn.http.Replies.headers;
import static io.jgunicorn.http.Replies.ok;
import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndingTest {
    private static final String GET = "GET /a HTTP/1.1\r\n\r\n";

    private final BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();

    private Exchange next() throws InterruptedException {
        Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).as("a request within 10 s").isNotNull();
        return exchange;
    }

    @Test
    void expiredRequestGetsA504AndTheApplicationIsTurnedAway() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            assertThat(exchange.expire()).isTrue();
            assertThat(exchange.expire()).isFalse();
            assertThat(client.readAll()).startsWith("HTTP/1.1 504 Gateway Timeout\r\n");
            assertThatThrownBy(() -> ok(exchange, "late")).isInstanceOf(ClientGoneException.class);
            exchange.fail();
        }
    }

    @Test
    void expiryOfAStreamCutsIt() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            exchange.start("200 OK", NONE);
            exchange.write(bytes("part"));
            assertThat(client.readUntil("part\r\n")).contains("chunked");
            assertThat(exchange.expire()).isTrue();
            assertThat(client.readAll()).as("no last chunk").isEmpty();
            assertThatThrownBy(() -> exchange.write(bytes("more")))
                    .isInstanceOf(ClientGoneException.class);
        }
    }

    @Test
    void finishedResponseDoesNotExpire() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            ok(exchange, "x");
            assertThat(exchange.expire()).isFalse();
            assertThat(exchange.statusSent()).isEqualTo(200);
            assertThat(client.response().body()).isEqualTo("x");
        }
    }

    @RepeatedTest(50)
    void eitherTheApplicationOrTheWatcherAnswersNeverBoth() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n");
            Exchange exchange = next();
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Boolean> expired =
                    CompletableFuture.supplyAsync(
                            () -> {
                                awaitQuietly(go);
                                return exchange.expire();
                            });
            go.countDown();
            boolean answered;
            try {
                ok(exchange, "x");
                answered = true;
            } catch (ClientGoneException _) {
                answered = false;
            }
            assertThat(expired.get(10, TimeUnit.SECONDS)).isNotEqualTo(answered);
            String status = answered ? "HTTP/1.1 200 " : "HTTP/1.1 504 ";
            assertThat(client.readAll()).startsWith(status).containsOnlyOnce("HTTP/1.1");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failureBeforeTheHeadGivesThe500PageAndCloses() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            exchange.start("200 OK", NONE);
            assertThat(exchange.started()).isFalse();
            exchange.fail();
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n");
        }
    }

    @Test
    void failureInsideChunksEndsTheConnectionWithoutALastChunk() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            exchange.start("200 OK", NONE);
            exchange.write(bytes("part"));
            client.readUntil("part\r\n");
            assertThat(exchange.started()).isTrue();
            exchange.fail();
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void failureInsideABodyThatEndsWithTheConnectionResetsIt() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            Exchange exchange = next();
            exchange.start("200 OK", NONE);
            exchange.write(bytes("part"));
            client.readUntil("part");
            exchange.fail();
            assertThatThrownBy(client::readAll).isInstanceOf(IOException.class);
        }
    }

    @Test
    void secondResponseIsAMistakeOfTheCaller() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            ok(exchange, "x");
            assertThatThrownBy(() -> ok(exchange, "y")).isInstanceOf(IllegalStateException.class);
            assertThat(client.response().body()).isEqualTo("x");
        }
    }

    @Test
    void clientThatLeavesWhileTheApplicationRunsIsNoticed() throws Exception {
        try (TestServer server = TestServer.start(arrived::add)) {
            RawClient client = server.client();
            client.send(GET + "GET /never HTTP/1.1\r\n\r\n");
            Exchange exchange = next();
            assertThat(exchange.clientGone()).isFalse();
            client.reset();
            while (!exchange.clientGone()) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> ok(exchange, "x")).isInstanceOf(ClientGoneException.class);
            exchange.fail();
            assertThat(arrived).as("the pipelined request is dropped").isEmpty();
        }
    }

    @Test
    void clientThatHasFinishedSendingStillGetsItsAnswers() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET + "GET /second HTTP/1.1\r\n\r\n").finishSending();
            ok(next(), "first");
            ok(next(), "second");
            assertThat(client.response().body()).isEqualTo("first");
            assertThat(client.response().body()).isEqualTo("second");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void resetAfterTheEndOfInputIsNoticedToo() throws Exception {
        try (TestServer server = TestServer.start(arrived::add)) {
            RawClient client = server.client();
            client.send(GET).finishSending();
            Exchange exchange = next();
            client.reset();
            while (!exchange.clientGone()) {
                Thread.onSpinWait();
            }
            exchange.fail();
        }
    }

    @Test
    void stalledReaderBlocksTheWriterUntilItLeaves() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        CountDownLatch stuck = new CountDownLatch(1);
        Replies.App app =
                exchange -> {
                    try {
                        exchange.start("200 OK", NONE);
                        while (true) {
                            exchange.write(new byte[32 * 1024]);
                            written.addAndGet(32 * 1024);
                            stuck.countDown();
                        }
                    } catch (ClientGoneException e) {
                        outcome.complete(e);
                    }
                };
        try (TestServer server = TestServer.start(onOwnThread(app))) {
            RawClient client = server.client();
            client.send(GET);
            stuck.await();
            // Stuck when the count no longer moves although the writer does nothing else.
            long before = -1;
            while (before != written.get()) {
                before = written.get();
                assertThat(outcome).isNotDone();
                pause();
            }
            // What fits into both kernels' buffers, and our 64 KiB.
            assertThat(before).isLessThan(32L * 1024 * 1024);
            client.reset();
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(ClientGoneException.class);
        }
    }

    /** Gives the writer its turn: a round trip through another server's event loop. */
    private static void pause() throws Exception {
        try (TestServer other = TestServer.start(onOwnThread(e -> ok(e, "x")));
                RawClient client = other.client()) {
            for (int i = 0; i < 50; i++) {
                client.send(GET).response();
            }
        }
    }

    @Test
    void clientThatPipelinesWithoutEndFeelsThatNobodyReads() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                SocketChannel client = SocketChannel.open(server.address())) {
            client.write(ByteBuffer.wrap(bytes(GET)));
            next();
            client.configureBlocking(false);
            ByteBuffer requests = ByteBuffer.wrap(bytes(GET.repeat(10_000)));
            long sent = 0;
            int refusals = 0;
            while (refusals < 5) {
                int taken = client.write(requests);
                sent += taken;
                assertThat(sent).isLessThan(64L * 1024 * 1024);
                refusals = taken == 0 ? refusals + 1 : 0;
                if (taken == 0) {
                    pause();
                }
                if (!requests.hasRemaining()) {
                    requests.rewind();
                }
            }
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void slowReaderGetsEveryByte() throws Exception {
        Replies.App app =
                exchange -> {
                    exchange.start("200 OK", headers("Content-Length", "8000000"));
                    for (int i = 0; i < 8; i++) {
                        exchange.write(new byte[1_000_000]);
                    }
                    exchange.finish();
                };
        try (TestServer server = TestServer.start(onOwnThread(app));
                RawClient client = server.client()) {
            client.send(GET).send(GET);
            assertThat(client.response().body()).hasSize(8_000_000);
            assertThat(client.response().body()).hasSize(8_000_000);
        }
    }

    @Test
    void drainAnswersWhatIsRunningAndWhatIsOnItsWay() throws Exception {
        try (TestServer server =
                        TestServer.start(c -> c.keepAlive(Duration.ofSeconds(2)), arrived::add);
                RawClient running = server.client();
                RawClient idle = server.client();
                RawClient silent = server.client()) {
            idle.send(GET);
            ok(next(), "first");
            assertThat(idle.response().head()).contains("\r\nConnection: keep-alive\r\n");
            running.send(GET);
            Exchange slow = next();
            while (server.server().openConnections() < 3) {
                Thread.onSpinWait();
            }

            CompletableFuture<Void> drained = server.server().drain();
            afterWhatTheLoopHasToDo(server);
            idle.send(GET);
            ok(next(), "on its way");
            RawClient.Response last = idle.response();
            assertThat(last.head()).contains("\r\nConnection: close\r\n");
            assertThat(last.body()).isEqualTo("on its way");
            assertThat(drained).isNotDone();
            ok(slow, "running");
            assertThat(running.response().body()).isEqualTo("running");
            assertThat(running.readAll()).isEmpty();
            assertThat(idle.readAll()).isEmpty();
            assertThat(silent.readAll()).as("idle connection closes by itself").isEmpty();
            drained.get(10, TimeUnit.SECONDS);
            assertThatThrownBy(server::client).isInstanceOf(IOException.class);
        }
    }

    /** Returns when the event loop has run what was posted to it before. */
    private static void afterWhatTheLoopHasToDo(TestServer server) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        server.server().execute(done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closeNowTurnsEverybodyAway() throws Exception {
        try (TestServer server = TestServer.start(arrived::add);
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            server.server().closeNow();
            assertThat(client.readAll()).isEmpty();
            assertThatThrownBy(() -> ok(exchange, "x")).isInstanceOf(ClientGoneException.class);
        }
    }
}
