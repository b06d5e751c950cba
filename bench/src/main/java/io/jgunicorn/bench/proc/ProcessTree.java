package io.jgunicorn.bench.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process and all that descend from it now. */
public final class ProcessTree {
    private static final Path PROC = Path.of("/proc");

    private final long root;

    /**
     * Looks at the tree anew with each call.
     *
     * @param root the pid of the process at the top
     */
    public ProcessTree(long root) {
        this.root = root;
    }

    /** The descendants alive now, without the root. */
    public List<Long> descendants() {
        return ProcessHandle.of(root).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    /**
     * CPU seconds used so far by the root and its descendants, the reaped ones among them. What a
     * child used whose parent died first is lost.
     */
    public double cpuSeconds() {
        return all().mapToDouble(pid -> ProcFormat.cpuSeconds(read(pid, "stat"))).sum();
    }

    /** Memory of the tree now. */
    public Memory memory() {
        double master = residentMb(root);
        double total = master;
        double worker = 0;
        for (long pid : descendants()) {
            double resident = residentMb(pid);
            total += resident;
            worker = Math.max(worker, resident);
        }
        return worker == 0 ? new Memory(0, master, total) : new Memory(master, worker, total);
    }

    private Stream<Long> all() {
        return Stream.concat(Stream.of(root), descendants().stream());
    }

    private static double residentMb(long pid) {
        return ProcFormat.residentMb(read(pid, "status"));
    }

    /** The file, or one with no CPU and no memory in it for a process that has just ended. */
    private static String read(long pid, String file) {
        try {
            return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file));
        } catch (IOException _) {
            return "0 (gone) Z" + " 0".repeat(50);
        }
    }
}
