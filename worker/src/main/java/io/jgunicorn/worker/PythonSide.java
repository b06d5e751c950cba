package io.jgunicorn.worker;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.WarmupRequests;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ThreadStack;
import io.jgunicorn.http.AccessLog;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogLevel;
import io.jgunicorn.worker.python.AppPython;
import io.jgunicorn.worker.python.PythonStacks.Told;
import io.jgunicorn.worker.warmup.RecentRequests;
import io.jgunicorn.worker.warmup.Warmup;
import io.jgunicorn.worker.warmup.WarmupHeads;
import io.jgunicorn.worker.wsgi.RequestErrors;
import io.jgunicorn.worker.wsgi.WsgiCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.graalvm.polyglot.PolyglotException;

/**
 * The half of a worker that runs the application: its Python threads from the boot to the closing
 * of the interpreter. Methods may be called on any thread and do not block; what happens is told to
 * {@link Events} on Python threads.
 */
final class PythonSide {
    /** How long a stuck thread's stack and the {@code worker_abort} hook may take together. */
    private static final Duration REPORT_GRACE = Duration.ofSeconds(12);

    /** How long the other Python threads may take to come home before the interpreter is closed. */
    private static final Duration HOMECOMING = Duration.ofSeconds(2);

    private static final String FIRST_THREAD = "python-1";

    /** What the worker's life depends on. Called on Python threads. */
    interface Events {
        /** The application is loaded. */
        void ready(String runtimeName);

        void bootFailed(AppPython.Failure failure);

        /** A hook or a changed file wants this worker replaced. */
        void replacementWanted(String reason);

        /** True: no thread is free for another request; false: one is again. */
        void saturated(boolean saturated);

        /**
         * A Python thread has ended although nobody asked it to, or the application ended the
         * interpreter.
         */
        void broken(String reason);

        /** The interpreter is closed; nothing is left to do. */
        void closed();
    }

    private final ServerConfig config;
    private final Configure configure;
    private final long masterPid;

    /** Keys of the environ that the access log shows. */
    private final List<String> logEnviron;

    private final ErrorLog log;
    private final Optional<AppPython.Logging> logging;
    private final Events events;
    private final Dispatcher dispatcher;
    private final PythonThread first;
    private final CountDownLatch mayLoad;

    /** Set by the first thread before it says that it is ready. */
    private volatile AppPython python;

    /** The same from before the application is loaded: it can be asked where it is. */
    private volatile AppPython asked;

    /** What an operator wants the hooks' log to take; null while that is what the settings say. */
    private volatile LogLevel logLevel;

    private final Optional<RecentRequests> recent;
    private volatile Consumer<Exchange> call;
    private volatile ReloadWatch reloadWatch;

    private final IntSupplier connections;

    /** Where the worker listens; set before the first thread starts. */
    private List<BindAddress> listeners = List.of();

    /** Its listening sockets, likewise. */
    private List<Integer> descriptors = List.of();

    /**
     * @param connections how many are open; for hooks that want to know
     */
    PythonSide(
            ServerConfig config,
            Configure configure,
            long masterPid,
            WorkerLogs logs,
            IntSupplier connections,
            Events events) {
        this.connections = connections;
        this.config = config;
        this.configure = configure;
        this.masterPid = masterPid;
        this.logEnviron = logs.access().map(AccessLog::environNames).orElse(List.of());
        this.log = logs.error();
        this.logging = WorkerSettings.logging(configure, logs);
        this.events = events;
        this.recent =
                config.warmup().items().contains(WarmupRequests.RECENT)
                        ? Optional.of(new RecentRequests())
                        : Optional.empty();
        this.mayLoad = new CountDownLatch(config.workers().reload() ? 1 : 0);
        this.dispatcher =
                new Dispatcher(
                        WorkerSettings.threadLimit(config.workers()),
                        this::nextThread,
                        events::saturated,
                        log);
        this.first = guarded(new PythonThread(FIRST_THREAD, this::firstThread));
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /**
     * Begins to boot. With the {@code reload} setting the application waits for {@link #loadApp}.
     *
     * @param addresses where the worker listens
     * @param sockets the descriptors of these
     */
    void start(List<BindAddress> addresses, List<Integer> sockets) {
        listeners = List.copyOf(addresses);
        descriptors = List.copyOf(sockets);
        first.start();
    }

    void loadApp() {
        mayLoad.countDown();
    }

    /** The thread the context belongs to: boots, serves, and closes the interpreter at the end. */
    private void firstThread() {
        Instant loadingSince;
        try {
            AppPython booted =
                    AppPython.prepare(
                            WorkerSettings.boot(config, configure, logEnviron), log, hookEvents());
            if (mayLoad.getCount() > 0) {
                log.debug(
                        "Worker prepared for the next edit (pid: "
                                + ProcessHandle.current().pid()
                                + ")");
            }
            asked = booted;
            mayLoad.await();
            loadingSince = Instant.now();
            booted.load(WorkerSettings.hooks(configure, descriptors, masterPid), logging);
            python = booted;
            followLogLevel(booted);
        } catch (AppPython.BootException e) {
            events.bootFailed(e.failure());
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException | Error e) {
            log.error("Booting failed", e);
            events.bootFailed(new AppPython.Failure(AppPython.Failure.WORKER_BOOT, e.toString()));
            return;
        }
        String scriptName = WorkerSettings.scriptName();
        WsgiCall wsgi =
                new WsgiCall(
                        python.serve(),
                        scriptName,
                        logEnviron,
                        RequestErrors.into(log),
                        this::exited);
        if (logging.isPresent()) {
            wsgi = wsgi.claimingAccessLines();
        }
        Consumer<Exchange> served = wsgi;
        call = recent.<Consumer<Exchange>>map(r -> served.andThen(r::ended)).orElse(served);
        warmUp(scriptName);
        dispatcher.start(first);
        watchSources(loadingSince);
        log.flush(); // else the master would say that we are ready before what we say of the boot
        events.ready(python.runtimeName());
        dispatcher.run(first, call);
        if (!first.isWrittenOff()) {
            close();
        }
    }

    private AppPython.HookEvents hookEvents() {
        return new AppPython.HookEvents() {
            @Override
            public void retire() {
                events.replacementWanted("worker.alive is False");
            }

            @Override
            public int connections() {
                return connections.getAsInt();
            }

            @Override
            public int waiting() {
                return dispatcher.waitingRequests();
            }

            @Override
            public void restartDeadlines() {
                dispatcher.threads().forEach(PythonThread::restartDeadline);
            }
        };
    }

    /** The application ended the interpreter. */
    private void exited(PolyglotException e) {
        events.broken(
                e.isExit()
                        ? "the application called os._exit(" + e.getExitStatus() + ")"
                        : "the interpreter was ended (os._exit?)");
    }

    /** Replays what {@code warmup} names; not under {@code reload}, where edits shall show soon. */
    private void warmUp(String scriptName) {
        if (config.warmup().items().isEmpty() || config.workers().reload()) {
            return;
        }
        List<RequestHead> requests =
                WarmupHeads.of(config, listeners, configure.recentRequests(), log);
        new Warmup(config.warmup().limit(), python::runInBackground, log)
                .run(
                        requests,
                        errors ->
                                new WsgiCall(
                                        python.serveWithoutHooks(),
                                        scriptName,
                                        logEnviron,
                                        errors,
                                        this::exited,
                                        Warmup.ENVIRON_KEY,
                                        true));
    }

    private PythonThread nextThread(int number) {
        return guarded(
                new PythonThread(
                        "python-" + number,
                        () -> {
                            python.enter();
                            dispatcher.run((PythonThread) Thread.currentThread(), call);
                            python.leave();
                        }));
    }

    /** An error nobody catches must not leave a worker that lives and serves nothing. */
    private PythonThread guarded(PythonThread thread) {
        thread.setUncaughtExceptionHandler(
                (_, e) -> {
                    log.error("Python thread " + thread.getName() + " died", e);
                    events.broken(thread.getName() + " died: " + e);
                });
        return thread;
    }

    private void watchSources(Instant loadingSince) {
        if (!config.workers().reload()) {
            return;
        }
        log.warning("Reloader is on. Use in development only!");
        ExtraFiles extra =
                new ExtraFiles(config.process().chdir(), config.workers().reloadExtraFiles());
        ReloadWatch watch =
                new ReloadWatch(
                        () -> {
                            Set<Path> files = extra.present();
                            python.sourceFiles().forEach(file -> files.add(Path.of(file)));
                            return files;
                        },
                        loadingSince,
                        sourceEvents(),
                        file -> {
                            log.info("Worker reloading: " + file + " modified");
                            events.replacementWanted("reload");
                        });
        reloadWatch = watch;
        python.runInBackground("reloader", watch::run);
    }

    private SourceEvents sourceEvents() {
        if (!config.workers().reloadByEvents()) {
            return new PolledSources();
        }
        try {
            return FolderEvents.open(log);
        } catch (IOException e) {
            log.warning("No events of files, they are looked at 4 times a second: " + e);
            return new PolledSources();
        }
    }

    /** Runs a hook beside what the application does; done when it has returned, or after a time. */
    CompletableFuture<Void> runHook(String name, Duration grace) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        python.runInBackground(
                name,
                () -> {
                    try {
                        python.runHook(name);
                    } finally {
                        done.complete(null);
                    }
                });
        return done.completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A request on this thread will not end: the thread counts no more, its stack is taken, {@code
     * worker_abort} is run.
     *
     * @return the stack, once the hook has run too or their time is over
     */
    CompletableFuture<String> giveUp(PythonThread thread) {
        dispatcher.writeOff(thread);
        CompletableFuture<String> stack = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("expired-request")
                .start(() -> stack.complete(python.stacks().of(thread)));
        return stack.thenCombine(runHook("worker_abort", REPORT_GRACE), (text, _) -> text)
                .completeOnTimeout("", REPORT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the hooks' log takes from now on, or as soon as there are hooks. */
    void setLogLevel(LogLevel level) {
        logLevel = level;
        AppPython booted = python;
        if (booted != null) {
            booted.runInBackground("loglevel", () -> followLogLevel(booted));
        }
    }

    /** On an entered thread. */
    private void followLogLevel(AppPython booted) {
        LogLevel wanted = logLevel;
        if (wanted != null) {
            log.setThreshold(wanted); // again: the Logger came up with a level of its own
            booted.setLogLevel(wanted);
        }
    }

    /** Where the threads are that run Python; known within some seconds, whatever they do. */
    CompletableFuture<List<ThreadStack>> stacks() {
        AppPython booted = asked;
        Map<Long, Optional<Exchange>> busy = ThreadReport.busy(ThreadReport.threads());
        CompletableFuture<Map<Long, Told>> told =
                booted == null
                        ? CompletableFuture.completedFuture(Map.of())
                        : booted.stacks().all(busy.keySet());
        return told.thenApply(known -> ThreadReport.of(ThreadReport.threads(), busy, known));
    }

    /**
     * Ends the Python threads; the interpreter is closed and {@link Events#closed} told. No request
     * runs any more.
     */
    void stop() {
        if (first.isWrittenOff()) {
            // It will never come home to close the interpreter: run the hook beside it and leave
            // the rest.
            runHook("worker_exit", HOMECOMING).whenComplete((_, _) -> events.closed());
        }
        dispatcher.stop();
    }

    /** This worker leaves: what changes in its files from now on is for another to tell. */
    void stopWatching() {
        ReloadWatch watch = reloadWatch;
        if (watch != null) {
            watch.stop();
        }
    }

    /** On the first thread, when {@link #stop} has been called. */
    private void close() {
        python.runHook("worker_exit");
        stopWatching();
        long deadline = System.nanoTime() + HOMECOMING.toNanos();
        for (PythonThread thread : dispatcher.threads()) {
            try {
                long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                if (thread != first && !thread.join(Duration.ofMillis(left))) {
                    log.warning(
                            thread.getName()
                                    + " is still inside the application, whose exit handlers run now");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        Optional<String> problem = python.finish();
        problem.ifPresent(text -> log.warning("Can't end the interpreter: " + text));
        events.closed();
    }

    /** What the master should know for the warm-up of other workers, if it has changed. */
    Optional<List<String>> recentRequests() {
        return recent.flatMap(RecentRequests::news);
    }

    /** A request, from the HTTP loop. */
    void submit(Exchange exchange) {
        dispatcher.submit(exchange);
    }
}
