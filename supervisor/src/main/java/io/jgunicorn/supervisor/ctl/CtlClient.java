package io.jgunicorn.supervisor.ctl;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The command {@code jgunicorn ctl}: one command to a running server, its answer as a table or as
 * JSON. Exit codes: 0; 1 if the server refuses or cannot be reached; 2 for a wrong command line.
 */
public final class CtlClient {
    private static final String USAGE =
            """
            usage: jgunicorn ctl [-s SOCKET] [--json] COMMAND

            commands:
              status                        the server and its workers
              show workers|listeners|stats|config|all
              stacks [PID]                  where the Python threads of all workers are, or of one
              worker add [N]                N workers more (1)
              worker remove [N]             N workers less (1)
              worker drain PID              replace one worker: it leaves when another one serves
              worker kill PID               end one worker; another one takes its place
              loglevel [LEVEL]              show or set the error log's level in all processes:
                                            debug, info, warning, error or critical; a reload
                                            (HUP) returns to the one of the configuration
              reload                        as HUP does
              reopen                        open the log files anew, as USR1 does
              shutdown [graceful|quick]     as TERM or INT does
              help                          what the server knows

              -s, --socket SOCKET   where the server listens (the setting control_socket): %s
              -j, --json            the answer as JSON
            """;

    private static final int PATIENCE_SECONDS = 30;

    private final Path standardSocket;
    private final Consumer<String> out;
    private final Consumer<String> err;

    /**
     * @param standardSocket where servers of this user listen unless told otherwise
     * @param out takes the answer
     * @param err takes what went wrong
     */
    public CtlClient(Path standardSocket, Consumer<String> out, Consumer<String> err) {
        this.standardSocket = standardSocket;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs one command.
     *
     * @param arguments those behind {@code ctl}
     * @return the exit code
     */
    public int run(List<String> arguments) {
        Path socket = standardSocket;
        boolean json = false;
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-h", "--help" -> {
                    out.accept(USAGE.formatted(standardSocket));
                    return 0;
                }
                case "-j", "--json" -> json = true;
                case "-s", "--socket" -> {
                    if (i + 1 == arguments.size()) {
                        return wrong(argument + " needs the path of a socket");
                    }
                    i++;
                    socket = Path.of(arguments.get(i));
                }
                default -> {
                    if (argument.startsWith("-") && words.isEmpty()) {
                        return wrong("unknown option " + argument);
                    }
                    words.add(argument);
                }
            }
        }
        if (words.isEmpty()) {
            return wrong("a command is missing");
        }
        return ask(socket, words, json);
    }

    private int wrong(String reason) {
        err.accept(USAGE.formatted(standardSocket) + "\njgunicorn ctl: " + reason + "\n");
        return 2;
    }

    private int ask(Path socket, List<String> words, boolean json) {
        try {
            JsonObject reply =
                    CtlMessages.parse(
                            CompletableFuture.supplyAsync(() -> exchange(socket, words))
                                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                    .join());
            JsonElement error = reply.get("error");
            if (error != null) {
                err.accept("Error: " + error.getAsString() + "\n");
                return 1;
            }
            if (!(reply.get("data") instanceof JsonObject data)) {
                throw new IllegalStateException("no data");
            }
            out.accept(json ? CtlMessages.pretty(data) + "\n" : text(words, data));
            JsonElement success = data.get("success");
            return success == null || success.getAsBoolean() ? 0 : 1;
        } catch (CompletionException e) {
            String reason =
                    e.getCause() instanceof TimeoutException
                            ? "it is silent for " + PATIENCE_SECONDS + " s"
                            : e.getCause().getMessage();
            err.accept(
                    "Error: no server answers at "
                            + socket
                            + ": "
                            + reason
                            + " (-s names another socket: the server's setting control_socket)\n");
            return 1;
        } catch (JsonParseException
                | IllegalStateException
                | ClassCastException
                | UnsupportedOperationException e) {
            err.accept("Error: what answers at " + socket + " is no server of this kind\n");
            return 1;
        }
    }

    private static String text(List<String> words, JsonObject data) {
        return words.getFirst().equalsIgnoreCase("stacks")
                ? StackText.shown(data)
                : CtlTables.shown(data);
    }

    private static String exchange(Path socket, List<String> words) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            send(channel, CtlMessages.request(words));
            return receive(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(4 + bytes.length);
        frame.putInt(bytes.length).put(bytes).flip();
        while (frame.hasRemaining()) {
            int _ = channel.write(frame);
        }
    }

    private static String receive(SocketChannel channel) throws IOException {
        int length = ByteBuffer.wrap(read(channel, 4)).getInt();
        if (length < 0 || length > CtlMessages.LONGEST) {
            throw new IOException("an answer of " + length + " bytes");
        }
        return new String(read(channel, length), StandardCharsets.UTF_8);
    }

    private static byte[] read(SocketChannel channel, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(count);
        ByteBuffer piece = ByteBuffer.allocate(8192);
        while (bytes.size() < count) {
            piece.clear().limit(Math.min(piece.capacity(), count - bytes.size()));
            if (channel.read(piece) < 0) {
                throw new EOFException("it ended the conversation");
            }
            bytes.write(piece.array(), 0, piece.position());
        }
        return bytes.toByteArray();
    }
}
