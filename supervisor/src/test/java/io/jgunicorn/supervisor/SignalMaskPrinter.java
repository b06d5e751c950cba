package io.jgunicorn.supervisor;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A JVM of its own: appends to a file which signals are blocked in it and in a child of it. */
final class SignalMaskPrinter {
    private static final String SCRIPT = "grep SigBlk /proc/$TARGET/status";

    private SignalMaskPrinter() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Redirect file = Redirect.appendTo(new File(arguments[0]));
        print(Long.toString(ProcessHandle.current().pid()), file);
        print("self", file);
    }

    private static void print(String target, Redirect file)
            throws IOException, InterruptedException {
        Process child =
                ProcessLauncher.start(
                        new ProcessLauncher.Child(
                                List.of("/bin/sh", "-c", SCRIPT),
                                Map.of("TARGET", target, "PATH", "/usr/bin:/bin"),
                                Path.of("/"),
                                file,
                                file));
        if (child.waitFor() != 0) {
            System.exit(1);
        }
    }
}
