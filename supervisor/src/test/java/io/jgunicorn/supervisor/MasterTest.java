package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.os.Signal;
import io.jgunicorn.python.HookArgument.Server;
import io.jgunicorn.python.HookArgument.Worker;
import io.jgunicorn.python.PythonFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole master with real sockets and real processes; only the workers are {@link FakeWorker}s.
 */
@Timeout(60)
class MasterTest {
    @TempDir Path folder;

    private final Inbox inbox = new Inbox();
    private final AtomicReference<TestConfig> config = new AtomicReference<>();
    private LogLines log;
    private CompletableFuture<Integer> exit;

    /** Bounds of the Java heap that workers were started with. */
    private final ConcurrentLinkedQueue<Long> heaps = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<String> titles = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void openLog() throws Exception {
        log = new LogLines(folder);
    }

    @Test
    void servesUntilTermAndLeavesNothingBehind() throws Exception {
        Path pidFile = folder.resolve("master.pid");
        Path socket = folder.resolve("app.sock");
        start(
                TestConfig.serving("ok")
                        .withBind(TestConfig.ANY_PORT, new BindAddress.UnixSocket(socket))
                        .withPidFile(pidFile));

        int port = awaitPort();
        long worker = ask(port);
        assertThat(ProcessHandle.of(worker)).isPresent();
        assertThat(Files.readString(pidFile)).isEqualTo(ProcessHandle.current().pid() + "\n");

        signal(Signal.TERM);
        assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(log.all()).last().asString().endsWith("[INFO] Shutting down: Master");
        assertThat(ProcessHandle.of(worker)).isEmpty();
        assertThat(pidFile).doesNotExist();
        assertThat(socket).doesNotExist();
    }

    @Test
    void killedWorkerIsReportedAndReplaced() throws Exception {
        start(TestConfig.serving("ok"));
        int port = awaitPort();
        long first = ask(port);

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        log.await("Worker (pid:" + first + ") was sent SIGKILL! Perhaps out of memory?");
        assertThat(ask(port)).isNotEqualTo(first);
        stop();
    }

    @Test
    void reloadReplacesTheWorkerOnTheSamePort() throws Exception {
        start(TestConfig.serving("ok"));
        int port = awaitPort();
        long first = ask(port);

        signal(Signal.HUP);
        log.await("Hang up: Master");
        ProcessHandle.of(first).ifPresent(old -> old.onExit().join());

        assertThat(ask(port)).isNotEqualTo(first);
        stop();
    }

    @Test
    void reloadStartsTheNewWorkersWithTheirOwnMemory() throws Exception {
        start(TestConfig.serving("ok").withHeap(1L << 29));
        int port = awaitPort();
        long first = ask(port);

        config.set(TestConfig.serving("ok").withHeap(1L << 30));
        signal(Signal.HUP);
        log.await("Hang up: Master");
        ProcessHandle.of(first).ifPresent(old -> old.onExit().join());

        assertThat(ask(port)).isNotEqualTo(first);
        assertThat(heaps).containsExactly(1L << 29, 1L << 30);
        stop();
    }

    @Test
    void reloadToABrokenAppKeepsTheWorker() throws Exception {
        start(TestConfig.serving("ok"));
        int port = awaitPort();
        long first = ask(port);

        config.set(TestConfig.serving("broken"));
        signal(Signal.HUP);

        log.await("Reload failed, the running workers stay: SyntaxError: invalid syntax");
        assertThat(ask(port)).isEqualTo(first);
        stop();
    }

    @Test
    void appThatCannotBeLoadedAtStartStopsTheServerWithCodeThree() throws Exception {
        start(TestConfig.serving("broken"));

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(3);
        log.await("Reason: Worker failed to boot.");
    }

    @Test
    void hooksAreCalledInOrder() throws Exception {
        HookCalls hooks = new HookCalls("");
        start(TestConfig.serving("ok").withHooks(hooks));
        long worker = ask(awaitPort());
        stop();

        assertThat(hooks.calls)
                .containsExactly(
                        "nworkers_changed 1 OptionalInt.empty",
                        "on_starting []",
                        "when_ready 1 address",
                        "pre_fork 1",
                        "child_exit " + worker,
                        "on_exit");
    }

    @Test
    void failureInOnStartingRemovesThePidFile() throws Exception {
        Path pidFile = folder.resolve("master.pid");
        start(
                TestConfig.serving("ok")
                        .withPidFile(pidFile)
                        .withHooks(new HookCalls("on_starting")));

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        log.await("Traceback of on_starting");
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void addressThatCannotBeBoundUndoesTheOthers() throws Exception {
        Path socket = folder.resolve("app.sock");
        Path file = Files.createFile(folder.resolve("file"));
        start(
                TestConfig.serving("ok")
                        .withBind(
                                new BindAddress.UnixSocket(socket),
                                new BindAddress.UnixSocket(file)));

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        log.await("'" + file + "' is not a socket");
        assertThat(socket).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void failureInWhenReadyClosesTheSockets() throws Exception {
        Path socket = folder.resolve("app.sock");
        start(
                TestConfig.serving("ok")
                        .withBind(new BindAddress.UnixSocket(socket))
                        .withHooks(new HookCalls("when_ready")));

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(socket).doesNotExist();
    }

    @Test
    void failureInPreForkEndsTheServerWithCode255() throws Exception {
        start(TestConfig.serving("ok").withHooks(new HookCalls("pre_fork")));

        assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(255);
        log.await("Unhandled exception in main loop");
        log.await("Traceback of pre_fork");
    }

    private void start(TestConfig first) {
        config.set(first);
        Master master =
                new Master(
                        () -> config.get().configuration(),
                        (workers, address, pid, listeners) -> {
                            heaps.add(workers.heapBytes());
                            return FakeWorker.command(workers, address, pid, listeners);
                        },
                        new Successor.Program(
                                List.of("true"), Path.of("").toAbsolutePath(), Map.of()),
                        Optional.empty(),
                        inbox,
                        log.log(),
                        text -> log.log().error(text),
                        titles::add);
        exit = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("master")
                .start(
                        () -> {
                            try {
                                exit.complete(master.run(first.configuration()));
                            } catch (InterruptedException | RuntimeException e) {
                                exit.completeExceptionally(e);
                            }
                        });
    }

    private void stop() throws Exception {
        signal(Signal.TERM);
        assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    }

    private void signal(Signal signal) {
        inbox.post(new Event.SignalReceived(signal));
    }

    private int awaitPort() throws InterruptedException {
        String line = log.await("Listening at: http://127.0.0.1:");
        return Integer.parseInt(
                line.replaceFirst(".*Listening at: http://127\\.0\\.0\\.1:(\\d+).*", "$1"));
    }

    /** The process id of the worker that answers. */
    private static long ask(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader answer =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))) {
            return Long.parseLong(answer.readLine());
        }
    }

    /** Notes the calls; the hook named raises. */
    private static final class HookCalls implements MasterHooks {
        private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
        private final String raising;

        HookCalls(String raising) {
            this.raising = raising;
        }

        @Override
        public void nworkersChanged(Server server, int now, OptionalInt before) {
            note("nworkers_changed", " " + now + " " + before);
        }

        @Override
        public void onStarting(Server server) {
            note("on_starting", " " + server.addresses());
        }

        @Override
        public void whenReady(Server server) {
            note("when_ready", " " + server.addresses().size() + " address");
        }

        @Override
        public void preFork(Server server, Worker worker) {
            note("pre_fork", " " + worker.age());
        }

        @Override
        public void childExit(Server server, Worker worker) {
            note("child_exit", " " + worker.pid().orElseThrow());
        }

        @Override
        public void onExit(Server server) {
            note("on_exit", "");
        }

        private void note(String hook, String details) {
            calls.add(hook + details);
            if (hook.equals(raising)) {
                throw new PythonFailure("boom", "Traceback of " + hook + "\n");
            }
        }
    }
}
