package io.jgunicorn.worker.wsgi;

import io.jgunicorn.http.ClientGoneException;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.ResponseHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;

/**
 * What wsgi.py sees of one request: the calls that send the response. Called on the Python thread
 * that runs the request. A client that has left is told by a return value, never by a Java
 * exception, because Python code could not catch it as its own.
 */
public final class WsgiRequest {
    private final Exchange exchange;
    private final List<String> logEnviron;
    private final RequestErrors errors;
    private boolean clientGone;

    WsgiRequest(Exchange exchange, List<String> logEnviron, RequestErrors errors) {
        this.exchange = exchange;
        this.logEnviron = logEnviron;
        this.errors = errors;
    }

    /** Values for the access log, in the order of the names it has asked for. */
    public void logEnviron(String... values) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(logEnviron.get(i), values[i]);
        }
        exchange.logEnviron(named);
    }

    /** Sends a complete response; returns what is wrong with the headers, or null. */
    public String respond(String status, String headers, int count, Value body) {
        try {
            exchange.respond(status, ResponseHeaders.parse(headers, count), bytes(body));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } catch (ClientGoneException _) {
            clientGone = true;
            return null; // nobody is left to be told
        }
    }

    /** Begins a streamed response; returns what is wrong with the headers, or null. */
    public String start(String status, String headers, int count) {
        try {
            exchange.start(status, ResponseHeaders.parse(headers, count));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } catch (ClientGoneException _) {
            clientGone = true;
            return null; // the first write says so
        }
    }

    /** Sends one piece, waiting while the client is slow; false once the client has left. */
    public boolean write(Value piece) {
        try {
            exchange.write(bytes(piece));
            return true;
        } catch (ClientGoneException _) {
            clientGone = true;
            return false;
        }
    }

    /** Ends a streamed response. */
    public void finish() {
        try {
            exchange.finish();
        } catch (ClientGoneException _) {
            clientGone = true; // the exchange has ended with the connection
        }
    }

    /** True if the descriptor is a regular file that can be opened again through /proc. */
    public boolean canSendFile(int fd) {
        return Files.isRegularFile(file(fd));
    }

    /**
     * Sends a file from an offset.
     *
     * @param length bytes to send, or -1 for the rest of the file
     * @return false once the client has left
     */
    public boolean sendFile(int fd, long offset, long length) {
        try {
            long rest = Math.max(0, Files.size(file(fd)) - offset);
            exchange.sendFile(file(fd), offset, length < 0 ? rest : Math.min(length, rest));
            return true;
        } catch (ClientGoneException _) {
            clientGone = true;
            return false;
        } catch (IOException e) {
            errors.report("Can't send file: " + e.getMessage());
            exchange.fail();
            return false;
        }
    }

    /**
     * The application raised: reports the traceback and answers 500, or cuts the connection if the
     * head is out.
     */
    public void failed(String traceback) {
        errors.raised("Error handling request " + description(), traceback);
        exchange.fail();
    }

    /** The application stopped because its client left. */
    public void abandon() {
        exchange.fail();
    }

    /**
     * What the access line says of the response so far: microseconds since the request arrived,
     * bytes of the body sent, and True if the client was seen to be gone, with blanks between; null
     * if the line is not Python's to write, for the request has missed its deadline.
     */
    public String accessFacts() {
        if (!exchange.accessLineClaimed()) {
            return null;
        }
        long nanos = System.nanoTime() - exchange.startedNanos();
        return TimeUnit.NANOSECONDS.toMicros(nanos)
                + " "
                + exchange.bytesSent()
                + (clientGone ? " True" : " False");
    }

    /** Sends 103 Early Hints; returns what is wrong with the headers, or null. */
    public String earlyHints(String headers, int count) {
        try {
            exchange.earlyHints(ResponseHeaders.parse(headers, count));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } catch (ClientGoneException _) {
            return null;
        }
    }

    String description() {
        return exchange.description();
    }

    private static Path file(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    private static byte[] bytes(Value buffer) {
        byte[] bytes = new byte[Math.toIntExact(buffer.getBufferSize())];
        buffer.readBuffer(0, bytes, 0, bytes.length);
        return bytes;
    }
}
