package io.jgunicorn.worker;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.PythonLogging;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.control.ConnectionBoard;
import io.jgunicorn.control.ControlMessage;
import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.RecentRequests;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.StackTold;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.HttpServer;
import io.jgunicorn.http.Neighbours;
import io.jgunicorn.http.Transport;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.os.NativeCallException;
import io.jgunicorn.os.ProcessTitle;
import io.jgunicorn.os.ResidentMemory;
import io.jgunicorn.os.Signal;
import io.jgunicorn.os.SignalSource;
import io.jgunicorn.worker.python.AppPython;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The life of a worker process: BOOTING, READY until the master wants it to take connections,
 * SERVING, then DRAINING or QUITTING, then LEAVING. The phase and everything made by {@link
 * #configure} belong to the control loop: orders of the master and signals arrive there, and other
 * threads post there. Requests come in on the HTTP loop; {@link PythonSide} runs the application.
 */
final class Worker {
    /** How long a worker without a master may go on with the requests it has. */
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(4);

    /**
     * How long hooks, the application's last threads and {@code atexit} may take before the process
     * ends anyway.
     */
    private static final Duration EXIT_GRACE = Duration.ofSeconds(5);

    /** The same where requests are broken off: their threads may never come back. */
    private static final Duration BREAK_OFF_GRACE = Duration.ofSeconds(1);

    /**
     * How long the {@code worker_int} and {@code worker_abort} hooks may hold up a worker that must
     * go.
     */
    private static final Duration HOOK_GRACE = Duration.ofSeconds(1);

    private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(1);

    private enum Phase {
        BOOTING,
        READY,
        SERVING,
        DRAINING,
        QUITTING,
        LEAVING
    }

    private final EventLoop control;
    private final long masterPid;
    private final long pid = ProcessHandle.current().pid();

    private Phase phase = Phase.BOOTING;
    private long servingSince;
    private Consumer<ControlMessage.ToMaster> toMaster = _ -> {};

    // Made by configure, on the control loop, before any other thread of the worker exists.
    private ServerConfig config;
    private WorkerLogs logs;
    private Recycling recycling;
    private HeapTrimmer heap;
    private PythonSide python;
    private HttpServer http;

    /** Present where workers are scaled by load. */
    private Optional<LoadMeter> loadMeter = Optional.empty();

    /** Done when the stack of every request that missed its deadline so far is in the log. */
    private CompletableFuture<Void> reported = CompletableFuture.completedFuture(null);

    /** Answered, but its thread is still inside it past the deadline: seen once. */
    private Exchange overdue;

    Worker(EventLoop control, long masterPid) {
        this.control = control;
        this.masterPid = masterPid;
    }

    /** The link stands; messages can be sent. */
    void linked(Consumer<ControlMessage.ToMaster> toMaster) {
        this.toMaster = toMaster;
    }

    /**
     * The master's first order: boot.
     *
     * @param descriptors the listening sockets, in the order of {@code configure}; then the {@link
     *     ConnectionBoard}, if there is one
     */
    void configure(Configure configure, List<Integer> descriptors) {
        config = ServerConfig.from(configure.settings());
        ProcessTitle.set("gunicorn: worker [" + config.process().procName() + "]");
        try {
            UserSwitch.to(config.process().workers(), config.process().chdir());
        } catch (IOException | NativeCallException e) {
            cannotBoot(
                    "Can't run as user %d and group %d: %s"
                            .formatted(
                                    config.process().workers().uid(),
                                    config.process().workers().gid(),
                                    e.getMessage()));
            return;
        }
        try {
            logs =
                    PythonLogging.isWantedBy(configure.settings())
                            ? WorkerLogs.openForPython(config.logging())
                            : WorkerLogs.open(config.logging());
        } catch (IOException e) {
            cannotBoot("Can't open a log file: " + e.getMessage());
            return;
        }
        if (!config.workers().reload()) {
            sayBooting();
        }
        recycling = new Recycling(config.replacement(), ThreadLocalRandom.current());
        heap = new HeapTrimmer(logs.error());
        python =
                new PythonSide(
                        config,
                        configure,
                        masterPid,
                        logs,
                        () -> http.openConnections(),
                        new PythonEvents());
        loadMeter = config.scaling().map(_ -> loadMeter());
        http =
                new HttpServer(
                        WorkerSettings.http(config, logs),
                        this::handle,
                        Transport.open(),
                        neighbours(
                                descriptors.stream()
                                        .skip(configure.listeners().size())
                                        .findFirst()));
        List<BindAddress> addresses = new ArrayList<>();
        for (int i = 0; i < configure.listeners().size(); i++) {
            addresses.add(
                    http.listen(descriptors.get(i), boundAddress(configure.listeners().get(i))));
        }
        SignalSource.start(
                EnumSet.of(Signal.TERM, Signal.INT, Signal.USR1, Signal.ABRT),
                signal -> post(() -> onSignal(signal)));
        long period =
                WorkerSettings.heartbeat(config.timeouts().timeout(), LONGEST_HEARTBEAT).toMillis();
        control.scheduleAtFixedRate(this::heartbeat, 0, period, TimeUnit.MILLISECONDS);
        python.start(addresses, descriptors.subList(0, addresses.size()));
    }

    private LoadMeter loadMeter() {
        Dispatcher dispatcher = python.dispatcher();
        return new LoadMeter(
                WorkerSettings.threadLimit(config.workers()),
                dispatcher::busyThreads,
                dispatcher::waitingRequests);
    }

    private Neighbours neighbours(Optional<Integer> board) {
        if (board.isEmpty()) {
            return Neighbours.NONE; // the master has said why
        }
        try {
            return new BoardNeighbours(ConnectionBoard.open(board.get()).take(pid));
        } catch (IOException e) {
            logs.error().warning("Connections are not shared out evenly by this worker: " + e);
            return Neighbours.NONE;
        }
    }

    /** An address as the master logs it, back to what it means. */
    private static BindAddress boundAddress(String shown) {
        return BindAddress.parse(
                shown.startsWith("http://") ? shown.substring("http://".length()) : shown);
    }

    private void onSignal(Signal signal) {
        switch (signal) {
            case TERM -> drain();
            case USR1 -> reopenLogs();
            case ABRT -> abort();
            default -> quit();
        }
    }

    /**
     * Goes by way of the HTTP loop: a loop that is stuck sends no heartbeat. A report that is due
     * counts as a busy thread, so that it is waited for.
     */
    private void heartbeat() {
        int reporting = reported.isDone() ? 0 : 1;
        Load load = loadMeter.map(LoadMeter::take).orElse(Load.UNKNOWN);
        http.execute(
                () ->
                        toMaster.accept(
                                new Heartbeat(
                                        recycling.requests(),
                                        python.dispatcher().busyThreads() + reporting,
                                        http.openConnections(),
                                        load)));
        python.recentRequests().ifPresent(heads -> toMaster.accept(new RecentRequests(heads)));
        if (phase == Phase.SERVING) {
            Duration served = Duration.ofNanos(System.nanoTime() - servingSince);
            recycling.due(served, ResidentMemory::ofThis, heap::trim).ifPresent(this::askOut);
        }
    }

    private void askOut(String reason) {
        logs.error().info("Autorestarting worker: " + reason);
        toMaster.accept(new ReplaceMe(reason));
    }

    private void sayBooting() {
        logs.error().info("Booting worker with pid: " + pid);
    }

    // ---- orders --------------------------------------------------------------------------------

    /** The master wants this worker, prepared so far, to load the application. */
    void loadApp() {
        sayBooting();
        python.loadApp();
    }

    /** The application is loaded; whether the worker is needed, the master says. */
    private void ready(String runtimeName) {
        if (phase != Phase.BOOTING) {
            return;
        }
        phase = Phase.READY;
        every(HeapTrimmer.PERIOD, heap::look);
        toMaster.accept(new Ready(runtimeName));
    }

    /** The master wants this worker to take connections. */
    void serve() {
        if (phase != Phase.READY) {
            return;
        }
        phase = Phase.SERVING;
        servingSince = System.nanoTime();
        http.serve();
        loadMeter.ifPresent(meter -> every(LoadMeter.PERIOD, meter::look));
        Duration deadline = WorkerSettings.requestDeadline(config);
        if (!deadline.isZero()) {
            DeadlineWatch watch =
                    new DeadlineWatch(deadline, python.dispatcher()::threads, this::requestLate);
            every(DeadlineWatch.PERIOD, watch::look);
        }
    }

    /** Stops accepting, finishes what runs, leaves. */
    void drain() {
        switch (phase) {
            case BOOTING -> exit(0);
            case READY, SERVING -> {
                phase = Phase.DRAINING;
                python.stopWatching();
                // Every connection closed, then what runs after the answers (close(), hooks), then
                // what the master must know.
                http.drain()
                        .thenCompose(_ -> python.dispatcher().idle())
                        .thenRun(() -> post(() -> reported.thenRun(() -> post(this::leave))));
            }
            case DRAINING, QUITTING, LEAVING -> {}
        }
    }

    /** Breaks off what runs and leaves at once. */
    void quit() {
        switch (phase) {
            case BOOTING -> exit(0);
            case READY, SERVING, DRAINING -> {
                phase = Phase.QUITTING;
                python.stopWatching();
                http.closeNow();
                python.runHook("worker_int", HOOK_GRACE).thenRun(() -> post(this::leave));
            }
            case QUITTING, LEAVING -> {}
        }
    }

    /** The master found this worker silent: tell the application and go. */
    private void abort() {
        if (phase == Phase.BOOTING) {
            exit(1);
        }
        python.runHook("worker_abort", HOOK_GRACE).thenRun(() -> post(() -> exit(1)));
    }

    void reopenLogs() {
        if (logs != null) {
            logs.reopen(); // else they are about to be opened
        }
    }

    /** What the error log takes from now on. */
    void setLogLevel(LogLevel level) {
        if (python != null) { // else this process is about to end
            logs.error().setThreshold(level);
            python.setLogLevel(level);
        }
    }

    /** An operator wants to know where the threads are; the control loop does not wait for them. */
    void tellStacks(long question) {
        if (python == null) {
            toMaster.accept(new StacksTold(question)); // this process is about to end
            return;
        }
        python.stacks()
                .thenAccept(
                        stacks ->
                                stacks.forEach(
                                        stack -> toMaster.accept(new StackTold(question, stack))))
                .whenComplete((_, _) -> toMaster.accept(new StacksTold(question)));
    }

    /** The link has closed: nobody supervises this process any more. */
    void masterGone() {
        if (phase == Phase.BOOTING) {
            exit(0);
        }
        if (phase != Phase.LEAVING) {
            logs.error().info("Parent changed, shutting down: <Worker " + pid + ">");
            control.schedule(() -> exit(0), ORPHAN_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            drain();
        }
    }

    void linkFailed(Throwable cause) {
        if (logs != null) {
            logs.error().error("Link to the master failed", cause);
        }
    }

    // ---- requests ------------------------------------------------------------------------------

    /** A complete request has arrived. HTTP loop. */
    private void handle(Exchange exchange) {
        if (recycling.countReachesLimit()) {
            logs.error().info("Autorestarting worker after current request.");
            post(() -> toMaster.accept(new ReplaceMe("max_requests reached")));
        }
        python.submit(exchange);
    }

    /**
     * A request missed its deadline: answers the client, tells the master, logs the stack, stops
     * taking work.
     */
    private void requestLate(PythonThread thread, Exchange exchange) {
        if (!exchange.expire() && !exchange.equals(overdue)) {
            overdue = exchange; // answered: it may be just about to return
            return;
        }
        double seconds = thread.nanosInside(System.nanoTime()) / 1e9;
        String request = exchange.request().method() + " " + exchange.request().target();
        // At once, so that the replacement boots while Python is asked where it is.
        toMaster.accept(new RequestTimedOut(request, seconds));
        CompletableFuture<Void> report =
                python.giveUp(thread)
                        .thenAccept(
                                stack -> {
                                    if (!stack.isBlank()) {
                                        logs.error()
                                                .error(
                                                        "Python stack of "
                                                                + exchange.description()
                                                                + "\n"
                                                                + stack);
                                    }
                                });
        reported = CompletableFuture.allOf(reported, report);
        drain();
    }

    // ---- the end -------------------------------------------------------------------------------

    /** Nothing runs any more, or nothing may: end the Python threads, then the process. */
    private void leave() {
        if (phase == Phase.LEAVING) {
            return;
        }
        boolean brokenOff = phase == Phase.QUITTING && python.dispatcher().busyThreads() > 0;
        Duration grace = brokenOff ? BREAK_OFF_GRACE : EXIT_GRACE;
        phase = Phase.LEAVING;
        logs.error().info("Worker exiting (pid: " + pid + ")");
        control.schedule(() -> exit(0), grace.toMillis(), TimeUnit.MILLISECONDS);
        python.stop();
    }

    private void cannotBoot(String reason) {
        bootFailed(new AppPython.Failure(AppPython.Failure.WORKER_BOOT, reason));
    }

    private void bootFailed(AppPython.Failure failure) {
        boolean appNotFound = failure.exitCode() == AppPython.Failure.APP_LOAD;
        String text =
                appNotFound ? failure.text() : "Exception in worker process\n" + failure.text();
        if (logs == null) {
            LogFile.stderr().write("jgunicorn worker: " + text + "\n");
        } else {
            logs.error().error(text);
            logs.error().info("Worker exiting (pid: " + pid + ")");
        }
        toMaster.accept(new BootFailed(failure.exitCode(), failure.text()));
        post(() -> exit(failure.exitCode())); // after the message: the loop keeps the order
    }

    private void every(Duration period, Runnable task) {
        long millis = period.toMillis();
        control.scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void post(Runnable task) {
        control.execute(task);
    }

    /**
     * Ends the process without the JVM's shutdown hooks: a stuck Python thread would keep them
     * waiting.
     */
    private void exit(int code) {
        if (logs != null) {
            logs.close();
        }
        Runtime.getRuntime().halt(code);
    }

    /** What the Python side says, brought to the control loop. */
    private final class PythonEvents implements PythonSide.Events {
        @Override
        public void ready(String runtimeName) {
            post(() -> Worker.this.ready(runtimeName));
        }

        @Override
        public void bootFailed(AppPython.Failure failure) {
            post(() -> Worker.this.bootFailed(failure));
        }

        @Override
        public void replacementWanted(String reason) {
            post(() -> toMaster.accept(new ReplaceMe(reason)));
        }

        @Override
        public void saturated(boolean saturated) {
            http.setSaturated(saturated);
        }

        @Override
        public void broken(String reason) {
            post(
                    () -> {
                        logs.error().error("Worker ends at once: " + reason);
                        exit(1);
                    });
        }

        @Override
        public void closed() {
            post(() -> exit(0));
        }
    }
}
