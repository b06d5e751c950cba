package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.headers;
import static io.jgunicorn.http.Replies.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.log.LogFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files larger than what the system buffers for a client that does not read. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileResponseTest {
    private static final int SIZE = 64 * 1024 * 1024;
    private static final String GET = "GET /a HTTP/1.1\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\n\r\n";

    private final BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();

    @TempDir private Path folder;
    private Path file;
    private Path logged;
    private LogFile logFile;
    private AccessLog log;

    @BeforeEach
    void prepare() throws IOException {
        file = folder.resolve("big");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        logged = folder.resolve("access.log");
        logFile = LogFile.appendingTo(logged);
        log =
                AccessLog.start(
                        new AccessLog.Lines(false, "%(U)s %(s)s %(b)s", ""),
                        AccessLog.Destinations.of(logFile),
                        Clock.systemUTC(),
                        HttpNotices.silent());
    }

    @AfterEach
    void closeLog() throws IOException {
        log.close();
        logFile.close();
    }

    private TestServer server() {
        return TestServer.start(c -> c.accessLog(log), arrived::add);
    }

    private Exchange next() throws InterruptedException {
        Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).as("a request within 10 s").isNotNull();
        return exchange;
    }

    private void sendFile(Exchange exchange) throws ClientGoneException {
        exchange.start("200 OK", headers("Content-Length", Integer.toString(SIZE)));
        exchange.sendFile(file, 0, SIZE);
    }

    private long openDescriptors() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isOurFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOurFile(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException _) {
            return false; // closed since it was listed
        }
    }

    private void awaitNoDescriptor() {
        while (openDescriptors() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void applicationDoesNotWaitForASlowClient() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            sendFile(exchange);
            exchange.finish();
            assertThat(exchange.expire()).as("the deadline is met").isFalse();
            client.send(NEXT);
            assertThat(openDescriptors()).as("still sending").isEqualTo(1);
            assertThat(arrived).as("the next request waits").isEmpty();
            assertThat(Files.readString(logged)).as("so does the log").isEmpty();

            client.readUntil("\r\n\r\n");
            assertThat(client.read(SIZE)).hasSize(SIZE);
            ok(next(), "next");
            assertThat(client.response().body()).isEqualTo("next");
            awaitNoDescriptor();
        }
        log.close();
        assertThat(Files.readAllLines(logged)).containsExactly("/a 200 " + SIZE, "/next 200 4");
    }

    @Test
    void chunkedFileIsFramedAndClosesTheConnectionIfAskedTo() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n");
            Exchange exchange = next();
            exchange.start("200 OK", Replies.NONE);
            exchange.sendFile(file, 0, Long.MAX_VALUE);
            exchange.finish();
            client.readUntil("\r\n\r\n");
            assertThat(client.readUntil("\r\n")).isEqualTo("4000000\r\n");
            client.read(SIZE);
            assertThat(client.readAll()).isEqualTo("\r\n0\r\n\r\n");
        }
        awaitNoDescriptor();
    }

    @Test
    void clientThatLeavesEndsTheFile() throws Exception {
        try (TestServer server = server()) {
            RawClient client = server.client();
            client.send(GET);
            Exchange exchange = next();
            sendFile(exchange);
            exchange.finish();
            client.readUntil("\r\n\r\n");
            client.read(1);
            client.reset();
            awaitNoDescriptor();
            while (server.server().openConnections() > 0) {
                Thread.onSpinWait();
            }
        }
        log.close();
        String line = Files.readString(logged);
        assertThat(line).startsWith("/a 499 ");
        assertThat(Long.parseLong(line.strip().substring(7))).isBetween(1L, SIZE - 1L);
    }

    @Test
    void applicationThatFailsAfterTheFileEndsTheConnection() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            exchange.start("200 OK", headers("Content-Length", Integer.toString(SIZE + 1)));
            exchange.sendFile(file, 0, SIZE);
            exchange.fail();
            client.readUntil("\r\n\r\n");
            assertThat(client.readAll()).hasSize(SIZE);
        }
        awaitNoDescriptor();
    }

    @Test
    void serverThatStopsNowClosesTheFile() throws Exception {
        try (TestServer server = server();
                RawClient client = server.client()) {
            client.send(GET);
            Exchange exchange = next();
            sendFile(exchange);
            exchange.finish();
            server.server().closeNow();
        }
        awaitNoDescriptor();
    }
}
