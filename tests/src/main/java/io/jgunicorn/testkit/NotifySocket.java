package io.jgunicorn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Stands in for systemd: a datagram socket for {@code NOTIFY_SOCKET} (sd_notify(3)), and what
 * arrives at it. The JDK has no such sockets, so a Python program holds it. Used by the thread of
 * the test; a virtual thread collects the messages.
 */
public final class NotifySocket implements AutoCloseable {
    private static final Path PROGRAM =
            Path.of(System.getProperty("basedir", "."), "bin/notify-socket.py").toAbsolutePath();

    /**
     * One datagram.
     *
     * @param micros when it arrived: CLOCK_MONOTONIC in microseconds
     * @param sender the process that sent it
     * @param assignments its lines: {@code READY=1}
     */
    public record Message(long micros, long sender, List<String> assignments) {
        public Message {
            assignments = List.copyOf(assignments);
        }

        private static Message of(String line) {
            String[] words = line.split(" ", 3);
            return new Message(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    List.of(words[2].split(" & ")));
        }

        /** Whether it has this line. */
        public boolean says(String assignment) {
            return assignments.contains(assignment);
        }

        /** The value of a name. */
        public String value(String name) {
            return assignments.stream()
                    .filter(assignment -> assignment.startsWith(name + "="))
                    .map(assignment -> assignment.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + assignments));
        }
    }

    private final String address;
    private final Process process;
    private final LogLines lines = new LogLines();
    private int read;

    private NotifySocket(String address, Process process) {
        this.address = address;
        this.process = process;
    }

    /** A socket with a name of its own in the abstract namespace. */
    public static NotifySocket open() {
        String address = "@jgunicorn-it-" + UUID.randomUUID();
        try {
            Process process =
                    new ProcessBuilder(
                                    Need.program("python3").toString(), PROGRAM.toString(), address)
                            .redirectErrorStream(true)
                            .start();
            NotifySocket socket = new NotifySocket(address, process);
            Thread.ofVirtual().name("notify-socket").start(socket::collect);
            socket.lines.await(0, "^bound$", 1, ServerProcess.PATIENCE);
            socket.read = 1;
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + PROGRAM, e);
        }
    }

    private void collect() {
        lines.pump(LogLines.Stream.OUT, process.getInputStream());
        lines.end();
    }

    /** The value of {@code NOTIFY_SOCKET}. */
    public String address() {
        return address;
    }

    /** Waits for a message with such a line; it and those before it are taken as read. */
    public Message await(String regex) {
        String line = "( |& )" + regex + "( &|$)";
        lines.await(read, line, 1, ServerProcess.PATIENCE);
        Pattern pattern = Pattern.compile(line);
        while (true) {
            String text = lines.texts().get(read);
            read++;
            if (pattern.matcher(text).find()) {
                return Message.of(text);
            }
        }
    }

    /** All that has arrived so far. */
    public List<Message> messages() {
        return lines.texts().stream().skip(1).map(Message::of).toList();
    }

    /** Ends the program. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
