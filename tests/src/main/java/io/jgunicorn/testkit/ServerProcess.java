package io.jgunicorn.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One real server in a working directory of its own. Made by {@link Servers}, which also closes it
 * and so checks what it leaves behind ({@link Aftermath}). Used by the thread of the test; two
 * virtual threads collect the output.
 */
public final class ServerProcess implements AutoCloseable {
    /**
     * Long enough for a cold JVM worker on a busy machine; only waiting for an event that fails.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Environment variable of a server and all that comes from it. */
    public static final String MARKER = "JGUNICORN_TESTKIT_SERVER";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Pattern ADDRESS =
            Pattern.compile("unix:[^,\\s]+|https?://(?<host>\\[[^]]+]|[^:,\\s]+):(?<port>\\d+)");

    private final Product product;
    private final List<String> command;
    private final Path directory;
    private final Process process;
    private final String marker;
    private final LogLines log;
    private final List<String> expected;

    private ServerProcess(
            Product product,
            List<String> command,
            Path directory,
            Process process,
            String marker,
            List<String> expected) {
        this.product = product;
        this.command = command;
        this.directory = directory;
        this.process = process;
        this.marker = marker;
        this.log = new LogLines();
        this.expected = new ArrayList<>(expected);
    }

    static ServerProcess start(Product product, Launch launch) throws IOException {
        Path directory = Files.createTempDirectory("jgunicorn-it-").toRealPath();
        launch.prepare(directory);
        List<String> command = launch.command(product);
        String marker = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        for (String name : List.of("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "PORT", "VIRTUAL_ENV")) {
            builder.environment().remove(name);
        }
        builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
        // The control socket is where no other server has its own.
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().putAll(launch.environment());
        builder.environment().put(MARKER, marker);
        Process process = builder.start();
        ServerProcess server =
                new ServerProcess(product, command, directory, process, marker, launch.expected());
        server.collectOutput();
        return server;
    }

    private void collectOutput() {
        Thread out =
                Thread.ofVirtual()
                        .name("stdout-of-" + pid())
                        .start(() -> log.pump(LogLines.Stream.OUT, process.getInputStream()));
        Thread err =
                Thread.ofVirtual()
                        .name("stderr-of-" + pid())
                        .start(() -> log.pump(LogLines.Stream.ERR, process.getErrorStream()));
        Thread.ofVirtual()
                .name("end-of-" + pid())
                .start(
                        () -> {
                            process.onExit().join();
                            try {
                                // Workers that outlive the master hold the pipes open.
                                out.join(Duration.ofSeconds(1));
                                err.join(Duration.ofSeconds(1));
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                            log.end();
                        });
    }

    Product product() {
        return product;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public LogLines log() {
        return log;
    }

    public List<String> command() {
        return command;
    }

    /** The working directory, where the application and the configuration file are. */
    public Path directory() {
        return directory;
    }

    /** Waits for a line in which the expression is found, from the start of the log. */
    public Matcher awaitLine(String regex, Duration deadline) {
        return log.await(0, regex, 1, deadline).getFirst();
    }

    public Matcher awaitLine(String regex) {
        return awaitLine(regex, PATIENCE);
    }

    /** Waits for a line after a mark taken with {@link LogLines#mark}. */
    public Matcher awaitLineAfter(int mark, String regex) {
        return log.await(mark, regex, 1, PATIENCE).getFirst();
    }

    /** Waits for a fact that only asking can tell; fails at once when the server dies. */
    public void awaitThat(String what, BooleanSupplier fact) {
        Await.until(what, PATIENCE, () -> fact.getAsBoolean() || !process.isAlive());
        if (!process.isAlive() && !fact.getAsBoolean()) {
            throw new AssertionError("the server died before: " + what + log.all());
        }
    }

    /** Waits until so many workers have said they can serve, and for the first HTTP answer. */
    public ServerProcess awaitReady(int workers) {
        // gunicorn has no line for ready workers: there a fork is as good as ready.
        log.await(0, "Worker ready after|Starting gunicorn", 1, PATIENCE);
        boolean says = !log.matching(0, "Starting jgunicorn").isEmpty();
        log.await(
                0,
                says ? "Worker ready after" : "Booting worker with pid: \\d+",
                workers,
                PATIENCE);
        get("/");
        return this;
    }

    /** Every address the server says it listens at, in order. */
    public List<SocketAddress> addresses() {
        String line = awaitLine("Listening at: (.+)").group(1);
        List<SocketAddress> addresses = new ArrayList<>();
        Matcher matcher = ADDRESS.matcher(line);
        while (matcher.find()) {
            addresses.add(
                    matcher.group("host") == null
                            ? UnixDomainSocketAddress.of(
                                    directory.resolve(matcher.group().substring("unix:".length())))
                            : new InetSocketAddress(
                                    matcher.group("host"),
                                    Integer.parseInt(matcher.group("port"))));
        }
        if (addresses.isEmpty()) {
            throw new AssertionError("no address in: Listening at: " + line);
        }
        return addresses;
    }

    public SocketAddress address() {
        return addresses().getFirst();
    }

    /** A new connection to the first address. */
    public RawHttp connect() throws IOException {
        return RawHttp.connect(address());
    }

    /** A GET on a connection of its own. */
    public Response get(String target) {
        try (RawHttp http = connect()) {
            return http.request("GET", target, "", "Connection: close");
        } catch (IOException e) {
            throw new AssertionError("GET " + target + ": " + e + log.last(), e);
        }
    }

    /**
     * Waits until requests have been answered by this many workers. The target must answer the pid
     * of its worker, and take a moment, so that the others get some of the requests.
     */
    public Set<Long> awaitAnswersFrom(int workers, String target) {
        Set<Long> seen = new TreeSet<>();
        Await.until(
                "answers from " + workers + " workers",
                PATIENCE,
                () -> {
                    Load.start(address(), target, workers * 3, workers * 3L)
                            .join(PATIENCE)
                            .distinctBodies()
                            .forEach(body -> seen.add(Long.valueOf(body)));
                    return seen.size() >= workers;
                });
        return seen;
    }

    /** The pids of the worker processes alive now. */
    public Set<Long> workers() {
        Set<Long> workers = new TreeSet<>(ProcessTree.children(pid()));
        workers.removeIf(worker -> !product.isWorker(ProcessTree.commandLine(worker)));
        return workers;
    }

    /** Every live process that came from this server, whoever its parent is now. */
    public Set<Long> family() {
        Set<Long> family = ProcessTree.withEnvironment(MARKER + "=" + marker);
        family.addAll(ProcessTree.descendants(pid()));
        if (process.isAlive()) {
            family.add(pid());
        }
        return family;
    }

    /** Sends the master a signal by name: {@code TERM}. */
    public void signal(String name) {
        ProcessTree.signal(name, List.of(pid()));
    }

    /** Waits for the end of the master and gives its exit code. */
    public int awaitExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "waited "
                                + Await.seconds(deadline)
                                + " for the server to exit"
                                + log.last());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test ran out of time waiting for the exit", e);
        }
    }

    public int awaitExit() {
        int code = awaitExit(STOP_LIMIT);
        log.awaitEnd();
        return code;
    }

    /** Declares error lines that this test is about. */
    public void expect(String... regexes) {
        expected.addAll(List.of(regexes));
    }

    /** Stops the server and fails if it left anything behind or logged an undeclared error. */
    @Override
    public void close() {
        new Aftermath(this, expected).stopAndCheck(STOP_LIMIT);
    }

    Process process() {
        return process;
    }
}
