package io.jgunicorn.bench.server;

import io.jgunicorn.bench.proc.Leftovers;
import io.jgunicorn.bench.proc.Memory;
import io.jgunicorn.bench.proc.OwnChildren;
import io.jgunicorn.bench.proc.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One server, from its first 200 answer until it is stopped. Made by {@link #start}; used by one
 * thread.
 */
public final class RunningServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration AFTERMATH_LIMIT = Duration.ofMinutes(2);
    private static final Duration RETRY = Duration.ofMillis(20);
    private static final String MARK = "JGUNICORN_BENCH_SERVER";
    private static final int OK = 200;

    private final Contender contender;
    private final Process process;
    private final ProcessTree tree;
    private final ServerLog log;
    private final String mark;
    private int port;
    private Boot boot;

    /**
     * What the start took.
     *
     * @param ready the moment of the first 200 answer
     * @param seconds from the command to that moment
     * @param cpuSeconds used by all processes of the server until then
     */
    public record Boot(Instant ready, double seconds, double cpuSeconds) {}

    private RunningServer(Contender contender, Process process, String mark) {
        this.contender = contender;
        this.process = process;
        this.mark = mark;
        this.tree = new ProcessTree(process.pid());
        this.log =
                new ServerLog(
                        process.getInputStream(), contender.kind().address(), contender.name());
    }

    /**
     * Starts a server and waits for its first 200 answer.
     *
     * @param prefix words before the command, such as those that choose processors
     * @throws ServerFailure if it does not come to answer
     */
    public static RunningServer start(
            Contender contender,
            Application application,
            Installation installation,
            Site site,
            List<String> prefix)
            throws ServerFailure, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(contender.kind().command(installation, application, contender.arguments()));
        String mark = MARK + "=" + UUID.randomUUID();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(site.applications().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().keySet().removeIf(RunningServer::changesServers);
        builder.environment().putAll(site.environment(application));
        builder.environment().put(MARK, mark.substring(mark.indexOf('=') + 1));
        long begin = System.nanoTime();
        RunningServer server;
        try {
            server = new RunningServer(contender, OwnChildren.start(builder), mark);
        } catch (IOException e) {
            throw new ServerFailure(contender.name() + " cannot be started: " + e.getMessage());
        }
        try {
            server.awaitReady(application.readyPath(), begin);
            return server;
        } catch (ServerFailure | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** What the person's own environment would do to some servers, such as forbid their caches. */
    private static boolean changesServers(String variable) {
        return variable.startsWith("PYTHON")
                || List.of("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "PORT", "VIRTUAL_ENV")
                        .contains(variable);
    }

    private void awaitReady(String path, long begin) throws ServerFailure, InterruptedException {
        long deadline = begin + START_LIMIT.toNanos();
        port = awaitPort();
        String problem = "";
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                // The kernel queues this request until a worker takes it.
                int status = HttpProbe.get(port, path, START_LIMIT).status();
                if (status == OK) {
                    boot =
                            new Boot(
                                    Instant.now(),
                                    (System.nanoTime() - begin) / 1e9,
                                    tree.cpuSeconds());
                    return;
                }
                problem = "the last answer to " + path + " was " + status;
            } catch (IOException e) {
                problem = "the last request failed: " + e.getMessage();
            }
            Thread.sleep(RETRY); // it refuses or fails at once: nothing to wait for
        }
        throw failure(problem);
    }

    private int awaitPort() throws ServerFailure, InterruptedException {
        try {
            return log.port().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw failure("it did not say where it listens");
        }
    }

    private ServerFailure failure(String problem) {
        String state = process.isAlive() ? "is not ready" : "has died";
        return new ServerFailure(
                contender.name() + " " + state + ": " + problem + "\n" + log.end());
    }

    /**
     * Makes sure that figures are those of a living server.
     *
     * @throws ServerFailure if the server has died
     */
    public void checkAlive() throws ServerFailure {
        if (!process.isAlive()) {
            throw failure("it was to serve on");
        }
    }

    public Contender contender() {
        return contender;
    }

    public int port() {
        return port;
    }

    public Boot boot() {
        return boot;
    }

    public ProcessTree tree() {
        return tree;
    }

    public Memory memory() {
        return tree.memory();
    }

    /**
     * Stops the server and waits for its end; also for processes it left behind, such as one that
     * prepares a cache. Those that do not end are killed.
     */
    @Override
    public void close() {
        process.destroy();
        OwnChildren.stop(List.of(process.toHandle()), STOP_LIMIT);
        OwnChildren.stop(Leftovers.withEnvironment(mark), AFTERMATH_LIMIT);
    }
}
