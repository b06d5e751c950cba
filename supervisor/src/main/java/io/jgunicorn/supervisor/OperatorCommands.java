package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.supervisor.ctl.CtlCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What operators can ask over the control socket: the commands and answers of gunicorn's {@code
 * gunicornc}, with more said of each worker, and commands of our own. Used by the loop's thread
 * only.
 */
final class OperatorCommands {
    private static final Map<String, String> HELP = new LinkedHashMap<>();

    static {
        HELP.put("status", "the server and its workers");
        HELP.put("show workers", "the workers");
        HELP.put("show listeners", "the listening sockets");
        HELP.put("show stats", "counters");
        HELP.put("show config", "the settings in use");
        HELP.put("show all", "the processes");
        HELP.put("stacks [PID]", "where the Python threads of all workers are, or of one");
        HELP.put("worker add [N]", "N workers more (1)");
        HELP.put("worker remove [N]", "N workers less (1), at least one stays");
        HELP.put("worker drain PID", "replace one worker: it leaves when another one serves");
        HELP.put("worker kill PID", "TERM for one worker; another one takes its place");
        HELP.put(
                "loglevel [LEVEL]",
                "the level of the error log in all processes; one that is set stays until a reload");
        HELP.put("reload", "as HUP");
        HELP.put("reopen", "as USR1");
        HELP.put("shutdown [graceful|quick]", "as TERM or INT");
        HELP.put("help", "this");
    }

    /** What can be asked of a server that is on its way down, too. */
    private static final List<String> ALWAYS =
            List.of("status", "show", "stacks", "loglevel", "help");

    private final Plan plan;
    private final OperatorViews views;
    private final OperatorDeeds deeds;
    private final LogLevels levels;
    private final StackQuestions stacks;

    /**
     * @param clock time since the start of the master
     * @param newest what new workers are started with
     * @param log of the master
     * @param events takes what a command leads to, to be handled soon
     */
    OperatorCommands(
            Plan plan,
            Workers workers,
            Supplier<Duration> clock,
            Supplier<Deployment> newest,
            ErrorLog log,
            Consumer<Event> events) {
        this.plan = plan;
        this.views =
                new OperatorViews(
                        plan, new WorkerViews(clock, CpuMeter.ofProcesses()), clock, newest);
        this.deeds = new OperatorDeeds(plan, workers, events);
        this.levels = new LogLevels(log, plan, newest, workers::send, workers::startWithLogLevel);
        this.stacks = new StackQuestions(plan, workers::send, clock);
    }

    /** Keeps what the answers need, and gives those that have waited for this event. */
    void note(Event event) {
        views.note(event);
        levels.note(event);
        stacks.note(event);
    }

    /** Does what an operator asks and answers, at once or when workers have told what it takes. */
    void run(CtlCall call) {
        List<String> words = call.words();
        if (words.isEmpty()) {
            call.fail("Empty command");
            return;
        }
        String command = words.getFirst().toLowerCase(Locale.ROOT);
        if (plan.stopping() && !ALWAYS.contains(command)) {
            call.fail("The server is shutting down");
            return;
        }
        try {
            if (command.equals("stacks")) {
                stacks.ask(call, number(words, 1));
            } else {
                call.succeed(answer(command, words));
            }
        } catch (IllegalArgumentException e) {
            call.fail("Invalid argument: " + e.getMessage());
        } catch (RuntimeException e) { // no reason to end the server
            call.fail("Command failed: " + e);
        }
    }

    private Map<String, Object> answer(String command, List<String> words) {
        String what = words.size() > 1 ? words.get(1).toLowerCase(Locale.ROOT) : "";
        return switch (command + (isPair(command) ? " " + what : "")) {
            case "status" -> views.status();
            case "show workers" -> views.workers();
            case "show all" -> views.processes();
            case "show stats" -> views.stats(deeds.killed());
            case "show listeners" -> views.listeners();
            case "show config" -> views.config();
            case "show dirty" -> views.dirty();
            case "worker add" -> deeds.add(count(words));
            case "worker remove" -> deeds.remove(count(words));
            case "worker drain" -> deeds.drain(onePid(words));
            case "worker kill" -> deeds.kill(onePid(words));
            case "loglevel" -> what.isEmpty() ? levels.shown() : levels.choose(words.get(1));
            case "reload" -> deeds.reload();
            case "reopen" -> deeds.reopen();
            case "shutdown" -> deeds.shutdown(what);
            case "help" -> Map.of("commands", HELP);
            default ->
                    throw new IllegalArgumentException(
                            "Unknown command: " + String.join(" ", words) + " (see: help)");
        };
    }

    private static boolean isPair(String command) {
        return command.equals("show") || command.equals("worker");
    }

    private static long count(List<String> words) {
        return number(words, 2).orElse(1);
    }

    private static long onePid(List<String> words) {
        return number(words, 2)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "worker "
                                                + words.get(1).toLowerCase(Locale.ROOT)
                                                + " needs the pid of a worker"));
    }

    private static OptionalLong number(List<String> words, int place) {
        if (words.size() <= place) {
            return OptionalLong.empty();
        }
        String text = words.get(place);
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(text + " is not a number");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
