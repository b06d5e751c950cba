package io.jgunicorn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection without a socket: the pipeline of the server, an application that answers every
 * request with 200 at once, and what came of it.
 */
final class MemoryConnection implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] (\\d{3}) [^\r]*\r\n");

    /** How a line of the verdict begins that no request may cause. */
    static final String UNCLEAN = "unclean: ";

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern TARGET = Pattern.compile("[^\\x00-\\x20\\x7f]+");
    private static final Pattern VALUE = Pattern.compile("[^\\x00\r\n]*");

    private final List<String> requests = new ArrayList<>();
    private final StringBuilder output = new StringBuilder();
    private final MemoryChannel channel;

    MemoryConnection(TestConfig settings) {
        HttpServerConfig config = settings.notices(new Problems()).build();
        ServerContext context =
                ServerContext.of(
                        config,
                        this::answer,
                        ServerClock.system(),
                        new ConnectionRegistry(config.maxConnections(), () -> {}));
        RequestDecoder decoder =
                new RequestDecoder(
                        context.decoderConfig(),
                        new HeadScanner(context.limits(), context.forwarded().dropsUnderscores()));
        channel = new MemoryChannel(decoder, new Http1Connection(context, decoder, "/socket"));
    }

    void send(String bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        }
        channel.runPendingTasks();
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            ByteBuf sent = (ByteBuf) out;
            output.append(sent.toString(ISO_8859_1));
            sent.release();
        }
    }

    /** In the words of the corpus. */
    List<String> verdict() {
        List<String> verdict = new ArrayList<>(requests);
        int refused = 0;
        Matcher statuses = STATUS.matcher(output);
        while (statuses.find()) {
            if (!statuses.group(1).matches("100|200")) {
                verdict.add(statuses.group(1));
                refused++;
            }
        }
        boolean ended = channel.outputShutdown || !channel.isOpen();
        if (refused > 0 && !ended) {
            verdict.add("refused, but left open");
        }
        if (ended && refused == 0) {
            verdict.add("closed");
        }
        return verdict.isEmpty() ? List.of("waits") : verdict;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    private void answer(Exchange exchange) {
        RequestHead head = exchange.request();
        requireClean(head);
        String body = text(exchange.body());
        requests.add(head.method() + " " + head.target() + (body.isEmpty() ? "" : " " + body));
        try {
            Replies.ok(exchange, "");
        } catch (ClientGoneException e) {
            throw new AssertionError(e);
        }
    }

    /** RFC 9110 sections 5.1, 5.5 and 9.1; RFC 9112 section 3. */
    private void requireClean(RequestHead head) {
        boolean clean =
                TOKEN.matcher(head.method()).matches()
                        && TARGET.matcher(head.target()).matches()
                        && head.headers().stream()
                                .allMatch(
                                        field ->
                                                TOKEN.matcher(field.name()).matches()
                                                        && VALUE.matcher(field.value()).matches());
        if (!clean) {
            requests.add(UNCLEAN + head);
        }
    }

    private static String text(RequestBody body) {
        return switch (body) {
            case RequestBody.Empty() -> "";
            case RequestBody.InMemory(byte[] bytes) -> new String(bytes, ISO_8859_1);
            case RequestBody.Spooled(Path file, _) -> {
                try {
                    yield Files.readString(file, ISO_8859_1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** What the server says of errors of its own. */
    private final class Problems implements HttpNotices {
        @Override
        public void warning(String message) {
            if (!message.startsWith("Invalid request from")) {
                requests.add(UNCLEAN + message);
            }
        }

        @Override
        public void debug(String message) {}
    }

    /** Says when the server has sent FIN. */
    private static final class MemoryChannel extends EmbeddedChannel implements DuplexChannel {
        private boolean outputShutdown;

        MemoryChannel(RequestDecoder decoder, Http1Connection connection) {
            super(decoder, connection);
        }

        @Override
        public boolean isOutputShutdown() {
            return outputShutdown;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            return shutdownOutput(newPromise());
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            outputShutdown = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isInputShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdownInput() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdown() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            throw new UnsupportedOperationException();
        }
    }
}
