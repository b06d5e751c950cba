package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.config.ShellWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a worker's JVM: all the master knows about workers besides the control link.
 * Flags are chosen for the cost of a worker: quick to boot, small, Python compiled by Graal and
 * Java code by C1 only. {@code JGUNICORN_WORKER_JAVA_OPTS} is appended to them, so that it wins.
 *
 * @param java the runtime, which is the master's own
 * @param home the distribution
 * @param python the Python files of the distribution
 * @param extraOptions more JVM options
 */
record WorkerCommand(JavaRuntime java, Path home, Path python, List<String> extraOptions) {
    /** Name of the environment variable with more JVM options, separated by blanks. */
    static final String OPTIONS_VARIABLE = "JGUNICORN_WORKER_JAVA_OPTS";

    /**
     * The young generation is this part of the heap. It is touched altogether under load, so it
     * counts in full; a larger one makes nothing faster (docs/performance.md).
     */
    private static final int YOUNG_SHARE = 8;

    /** The part of the heap that is there at the start; the rest comes when it is needed. */
    private static final int INITIAL_SHARE = 4;

    private static final String MAIN = "io.jgunicorn.worker.WorkerMain";

    WorkerCommand {
        extraOptions = List.copyOf(extraOptions);
    }

    /** Options as the environment variable writes them. */
    static List<String> splitOptions(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /**
     * The arguments, program first.
     *
     * @param workers the settings of the generation the worker belongs to
     * @param controlAddress where the worker finds the master: {@code @NAME} in the abstract
     *     namespace, or a path
     * @param descriptors how many will be handed over
     */
    List<String> line(
            ServerConfig.Workers workers, String controlAddress, long masterPid, int descriptors) {
        return line(
                workers,
                List.of(controlAddress, Long.toString(masterPid), Integer.toString(descriptors)));
    }

    /** The same for a reader: words for the arguments that differ from worker to worker. */
    String shown(ServerConfig.Workers workers) {
        return ShellWords.join(
                line(workers, List.of("CONTROL_ADDRESS", "MASTER_PID", "DESCRIPTOR_COUNT")));
    }

    private List<String> line(ServerConfig.Workers workers, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(java.command().toString());
        line.addAll(java.compilerOptions(home));
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("--enable-native-access=ALL-UNNAMED,org.graalvm.truffle");
        line.add("-XX:TieredStopAtLevel=1");
        line.add("-XX:+UseParallelGC");
        if (extraOptions.stream().noneMatch(WorkerCommand::boundsHeap)) {
            line.add("-Xms" + size(workers.heapBytes() / INITIAL_SHARE)); // not above their bound
        }
        line.add("-Xmx" + size(workers.heapBytes()));
        line.add("-Xmn" + size(workers.heapBytes() / YOUNG_SHARE));
        // The worker collects once the compiler has come to rest: that is to shrink the heap too.
        line.add("-XX:+UseAdaptiveSizePolicyWithSystemGC");
        line.add("-XX:TrimNativeHeapInterval=10000"); // ms; gives back what the C library keeps
        line.add("-XX:+UnlockDiagnosticVMOptions");
        // When one of these is reached the whole heap is collected; by default they are low.
        line.add("-XX:ReservedCodeCacheSize=160m");
        line.add("-XX:SweeperThreshold=50");
        line.add("-XX:MetaspaceSize=96m");
        // At its own address most of the AOT cache is shared between workers.
        line.add("-XX:ArchiveRelocationMode=0");
        line.add("-Xss16m");
        line.add("-XX:-UsePerfData");
        Path cache = home.resolve("aot/worker.aot");
        if (java.isOf(home) && Files.exists(cache)) {
            line.add("-XX:AOTCache=" + cache);
        }
        line.addAll(extraOptions);
        line.add("-cp");
        line.add(home.resolve("lib/jgunicorn.jar").toString());
        line.add("-Djgunicorn.home=" + home);
        line.add("-Djgunicorn.python=" + python);
        line.add(MAIN);
        line.addAll(arguments);
        return List.copyOf(line);
    }

    private static boolean boundsHeap(String option) {
        return option.startsWith("-Xmx") || option.startsWith("-XX:MaxHeapSize=");
    }

    /** As the JVM takes it, which knows no fractions: in MiB if possible, else in KiB. */
    private static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : (bytes >> 10) + "k";
    }
}
