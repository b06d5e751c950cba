package io.jgunicorn.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One real proxy in front of a server: a single process that stays in the foreground, in a folder
 * of its own, listening at {@link #front}. Used by the thread of the test.
 */
public final class ProxyProcess implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int SHOWN = 2000;

    private final Path directory;
    private final Process process;
    private final String gracefulStop;

    private ProxyProcess(Path directory, Process process, String gracefulStop) {
        this.directory = directory;
        this.process = process;
        this.gracefulStop = gracefulStop;
    }

    /** The Unix socket that the configuration of a proxy in this folder must name. */
    public static Path front(Path directory) {
        return directory.resolve("front.sock");
    }

    /**
     * nginx. The configuration must say {@code daemon off} and {@code master_process off}: then
     * what ends the process ends all of it. Relative paths in it are below the folder.
     */
    public static ProxyProcess nginx(Path directory, String configuration) throws IOException {
        Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
        return start(
                directory,
                "QUIT",
                Need.program("nginx").toString(),
                "-p",
                directory.toString(),
                "-e",
                "stderr",
                "-c",
                file.toString());
    }

    /** HAProxy, which can write its log to standard output. */
    public static ProxyProcess haproxy(Path directory, String configuration) throws IOException {
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
        return start(
                directory,
                "USR1",
                Need.program("haproxy").toString(),
                "-db",
                "-f",
                file.toString());
    }

    private static ProxyProcess start(Path directory, String gracefulStop, String... command)
            throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(accessLog(directory).toFile())
                        .redirectError(errorLog(directory).toFile())
                        .start();
        ProxyProcess proxy = new ProxyProcess(directory, process, gracefulStop);
        try {
            Await.until(
                    "the proxy to listen",
                    ServerProcess.PATIENCE,
                    () -> proxy.accepts() || !process.isAlive());
            proxy.checkAlive();
            return proxy;
        } catch (IOException | RuntimeException | AssertionError e) {
            proxy.close();
            throw e;
        }
    }

    /** Where clients connect. */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(front(directory));
    }

    /** What was written to standard output, or to {@code access.log} in the folder. */
    public List<String> accessLog() throws IOException {
        return Files.readAllLines(accessLog(directory), ISO_8859_1);
    }

    /**
     * Asks the proxy to end gracefully and waits until it has: all that it will log is logged then.
     * (A single nginx process does not wait for clients, but logs before it closes a connection.)
     */
    public void stop() throws IOException {
        checkAlive();
        ProcessTree.signal(gracefulStop, List.of(process.pid()));
        if (!endsWithin(STOP_LIMIT)) {
            throw new AssertionError(
                    "waited " + Await.seconds(STOP_LIMIT) + " for the proxy to end" + said());
        }
    }

    /** Ends the proxy at once if it still runs. */
    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(STOP_LIMIT)) {
            process.destroyForcibly();
            throw new AssertionError("the proxy did not end within the limit after TERM");
        }
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("the test ran out of time stopping the proxy", e);
        }
    }

    /** The socket file is there before anybody listens: only a connection tells. */
    private boolean accepts() {
        try (SocketChannel channel = SocketChannel.open(address())) {
            return channel.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the proxy has died" + said());
        }
    }

    private String said() throws IOException {
        String errors = Files.readString(errorLog(directory), ISO_8859_1);
        return "\n--- its last errors\n" + errors.substring(Math.max(0, errors.length() - SHOWN));
    }

    private static Path accessLog(Path directory) {
        return directory.resolve("access.log");
    }

    private static Path errorLog(Path directory) {
        return directory.resolve("error.log");
    }
}
