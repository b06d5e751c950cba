package io.jgunicorn.bench.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a server prints on a virtual thread of its own, so that the server never blocks; keeps
 * the last lines, and finds the port.
 */
final class ServerLog {
    private static final int KEPT = 40;

    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    @GuardedBy("this")
    private final Deque<String> last = new ArrayDeque<>();

    /**
     * Begins to read.
     *
     * @param address finds the port, as group 1, in the line that tells it
     */
    ServerLog(InputStream output, Pattern address, String name) {
        Thread.ofVirtual().name("log-of-" + name).start(() -> pump(output, address));
    }

    private void pump(InputStream output, Pattern address) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
                Matcher matcher = address.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.valueOf(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            add("(the output could not be read further: " + e + ")");
        }
        port.completeExceptionally(new EOFException("the output has ended"));
    }

    private synchronized void add(String line) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    /** Done when the server has said where it listens; fails when its output ends before. */
    CompletableFuture<Integer> port() {
        return port;
    }

    /** The last lines, for a failure text. */
    synchronized String end() {
        return last.isEmpty()
                ? "It printed nothing."
                : "The end of its log:\n  " + String.join("\n  ", last);
    }
}
