package io.jgunicorn.packaging;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts the distribution as a user would, with one worker that runs the training application,
 * sends it requests, and stops it; both JVMs write their AOT caches as they end.
 */
final class TrainingRun {
    /** Long enough for the compiler to have been busy with Python code of several shapes. */
    private static final Duration LOAD = Duration.ofSeconds(10);

    /**
     * For both JVMs. Without linking ahead the boot takes as long, and the processes are about 10
     * MB smaller each.
     */
    static final String OPTIONS = "-Djgunicorn.packaging=true -XX:-AOTClassLinking";

    private static final Duration END = Duration.ofMinutes(3);

    /** Of the surroundings, what would make another server or another Java of it. */
    private static final Set<String> FOREIGN =
            Set.of(
                    "GUNICORN_CMD_ARGS",
                    "WEB_CONCURRENCY",
                    "PORT",
                    "VIRTUAL_ENV",
                    "JAVA_HOME",
                    "JAVA_TOOL_OPTIONS",
                    "JDK_JAVA_OPTIONS",
                    "_JAVA_OPTIONS");

    private static final Pattern LISTENING =
            Pattern.compile("Listening at: http://127\\.0\\.0\\.1:(\\d+)");
    private static final List<String> TARGETS =
            List.of("/", "/", "/json?n=3", "/page?name=world", "/form", "/file", "/error");

    private final Path dist;
    private final AotCaches caches;
    private final Path resources;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final StringBuilder log = new StringBuilder();

    /**
     * @param resources where Python's own files are to be unpacked
     */
    TrainingRun(Path dist, AotCaches caches, Path resources) {
        this.dist = dist;
        this.caches = caches;
        this.resources = resources;
    }

    /**
     * Runs to the end of the server.
     *
     * @throws IOException if the server did not start, serve and end as it should
     */
    void run() throws IOException, InterruptedException {
        if (dist.toString().indexOf(' ') >= 0) {
            // JVM options travel in variables whose words are separated by blanks.
            throw new IOException("the path of the distribution has a blank: " + dist);
        }
        Process server = start();
        try {
            BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
            Thread.ofVirtual().start(() -> keep(lines));
            drive(port.get(END.toSeconds(), TimeUnit.SECONDS));
            server.toHandle().destroy(); // Process.destroy would close its output as well
            if (!server.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the training run did not end" + lastLines());
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the training run did not start" + lastLines(), e);
        } finally {
            server.destroyForcibly();
        }
        for (Path cache : List.of(caches.master(), caches.worker())) {
            if (!Files.exists(cache)) {
                throw new IOException("no " + cache.getFileName() + " was written" + lastLines());
            }
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        dist.resolve("bin/jgunicorn").toString(),
                        "--config",
                        dist.resolve("lib/training/gunicorn.conf.py").toString());
        builder.directory(dist.resolve("lib/training").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(FOREIGN);
        environment.keySet().removeIf(name -> name.startsWith("PYTHON"));
        String options =
                OPTIONS
                        + " -Dpolyglot.engine.userResourceCache="
                        + resources
                        + " -XX:AOTCacheOutput=";
        environment.put("JGUNICORN_MASTER_JAVA_OPTS", options + caches.master());
        environment.put("JGUNICORN_WORKER_JAVA_OPTS", options + caches.worker());
        return builder.redirectErrorStream(true).start();
    }

    /** Reads what the server says, to its end. */
    private void keep(BufferedReader lines) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
            }
            port.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
    }

    private synchronized void remember(String line) {
        log.append(line).append('\n');
    }

    private synchronized String lastLines() {
        String text = log.toString();
        return ":\n" + text.substring(Math.max(0, text.length() - 2000));
    }

    /**
     * One connection, kept alive; the socket queues the first request until the worker is ready.
     */
    private void drive(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout((int) END.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            request(socket, in, "/");
            long end = System.nanoTime() + LOAD.toNanos();
            for (int i = 0; System.nanoTime() - end < 0; i++) {
                request(socket, in, TARGETS.get(i % TARGETS.size()));
            }
        }
    }

    private void request(Socket socket, InputStream in, String target) throws IOException {
        String body = target.equals("/form") ? "name=value&other=a%20b" : "";
        String head =
                (body.isEmpty() ? "GET " : "POST ")
                        + target
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: training\r\nAccept: */*\r\n"
                        + (body.isEmpty()
                                ? "\r\n"
                                : "Content-Type: application/x-www-form-urlencoded\r\n"
                                        + "Content-Length: "
                                        + body.length()
                                        + "\r\n\r\n");
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        int length = -1;
        String status = line(in);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        if (length < 0 || !status.startsWith("HTTP/1.1 200")) {
            throw new IOException("the training run answered " + status + lastLines());
        }
        in.skipNBytes(length);
    }

    private String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the training run closed the connection" + lastLines());
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
