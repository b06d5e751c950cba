package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.onOwnThread;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that wait on disk, for there is no room in memory. */
@Timeout(30)
class ResponseBacklogTest {
    private static final String GET = "GET /a HTTP/1.1\r\n\r\n";
    private static final String LAST_GET = "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n";

    @TempDir private Path folder;

    @Test
    void takesWhatThereIsRoomFor() {
        ResponseBacklog backlog = new ResponseBacklog(100);

        assertThat(backlog.take(60)).isTrue();
        assertThat(backlog.take(41)).isFalse();
        assertThat(backlog.take(40)).isTrue();
        backlog.give(60);
        assertThat(backlog.take(60)).isTrue();
        assertThat(backlog.take(1)).isFalse();
    }

    @Test
    void whatIsLargerThanAllOfItIsNeverTaken() {
        assertThat(new ResponseBacklog(100).take(101)).isFalse();
    }

    private TestConfig noRoom(TestConfig ignored) {
        return TestConfig.spoolingTo(folder).responseBacklog(0);
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) ('a' + i % 23);
        }
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 65_537, 3_000_000})
    void responsesFromDiskAreWholeAndInOrder(int length) throws Exception {
        byte[] content = content(length);
        String expected = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1);
        Replies.App app = exchange -> exchange.respond("200 OK", Replies.NONE, content);
        try (TestServer server = TestServer.start(this::noRoom, onOwnThread(app));
                RawClient client = server.client()) {
            client.send(GET + GET + LAST_GET);
            assertThat(client.response().body()).isEqualTo(expected);
            assertThat(client.response().body()).isEqualTo(expected);
            assertThat(client.readAll()).endsWith("\r\n\r\n" + expected);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void clientThatLeavesMidwayEndsTheExchange() throws Exception {
        BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
        try (TestServer server = TestServer.start(this::noRoom, arrived::add)) {
            RawClient client = server.client();
            client.send(GET);
            Exchange exchange = arrived.poll(10, TimeUnit.SECONDS);
            exchange.respond("200 OK", Replies.NONE, content(64 << 20));
            client.readUntil("\r\n\r\n");
            client.reset();
            while (!exchange.clientGone()) {
                Thread.onSpinWait();
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void folderThatCannotBeWrittenIsA500AndAWarning() throws IOException, InterruptedException {
        Path missing = folder.resolve("missing");
        TestServer.Warnings warnings = new TestServer.Warnings();
        Replies.App app = exchange -> exchange.respond("200 OK", Replies.NONE, content(20_000));
        try (TestServer server =
                        TestServer.start(
                                _ ->
                                        TestConfig.spoolingTo(missing)
                                                .responseBacklog(0)
                                                .notices(warnings),
                                onOwnThread(app));
                RawClient client = server.client()) {
            assertThat(client.send(GET).readAll()).startsWith("HTTP/1.1 500 ");
            assertThat(warnings.next())
                    .startsWith("Can't keep a response of 20000 bytes in " + missing);
        }
        assertThat(Files.exists(missing)).isFalse();
    }
}
