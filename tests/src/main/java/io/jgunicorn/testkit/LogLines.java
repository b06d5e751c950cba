package io.jgunicorn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything a server printed, in order of arrival. Two pump threads (virtual) add lines; any
 * thread may wait for one and wakes when it arrives, or at once when the process has died.
 */
public final class LogLines {
    private static final int SHOWN = 60;

    /** Where a line came from. */
    public enum Stream {
        OUT,
        ERR
    }

    /** One line without its line end. */
    public record Line(Stream stream, String text) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Line> lines = new ArrayList<>(); // guarded by lock
    private boolean ended; // guarded by lock

    /** Reads a stream to its end on the calling thread. */
    void pump(Stream stream, InputStream input) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                add(new Line(stream, text));
            }
        } catch (IOException _) {
            // The process is gone and its pipe with it: what was read is all there is.
            return;
        }
    }

    private void add(Line line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The process has died: nobody needs to wait any longer. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the process has died and its output has been read. */
    void awaitEnd() {
        lock.lock();
        try {
            while (!ended) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test ran out of time waiting for the end of the log", e);
        } finally {
            lock.unlock();
        }
    }

    /** A place in the log: the number of lines so far. */
    public int mark() {
        return snapshot().size();
    }

    public List<Line> snapshot() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** The text of every line so far. */
    public List<String> texts() {
        return snapshot().stream().map(Line::text).toList();
    }

    /** The lines in which the expression is found, from a mark on. */
    public List<String> matching(int mark, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return texts().stream().skip(mark).filter(text -> pattern.matcher(text).find()).toList();
    }

    /** Waits until the expression has been found in {@code count} lines from the mark on. */
    public List<Matcher> await(int mark, String regex, int count, Duration deadline) {
        Pattern pattern = Pattern.compile(regex);
        long left = deadline.toNanos();
        lock.lock();
        try {
            List<Matcher> found = new ArrayList<>();
            for (int next = mark; ; next++) {
                while (next >= lines.size()) {
                    if (ended) {
                        throw new AssertionError(
                                "the server died before " + awaited(regex, count, found) + all());
                    }
                    if (left <= 0) {
                        throw new AssertionError(
                                "waited "
                                        + Await.seconds(deadline)
                                        + " for "
                                        + awaited(regex, count, found)
                                        + last());
                    }
                    left = changed.awaitNanos(left);
                }
                Matcher matcher = pattern.matcher(lines.get(next).text());
                if (matcher.find()) {
                    found.add(matcher);
                    if (found.size() == count) {
                        return found;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(
                    "the test ran out of time waiting for " + awaited(regex, count, List.of()), e);
        } finally {
            lock.unlock();
        }
    }

    /** The last lines, for a failure text. */
    public String last() {
        List<String> texts = texts();
        return texts.size() <= SHOWN
                ? all()
                : "\n--- last lines of the log\n"
                        + String.join("\n", texts.subList(texts.size() - SHOWN, texts.size()))
                        + "\n---";
    }

    /** The whole log, for a failure text. */
    public String all() {
        return "\n--- log\n" + String.join("\n", texts()) + "\n---";
    }

    private static String awaited(String regex, int count, List<Matcher> found) {
        return count == 1
                ? "a line with /" + regex + "/"
                : count + " lines with /" + regex + "/ (saw " + found.size() + ")";
    }
}
