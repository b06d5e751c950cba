package io.jgunicorn.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends metrics to StatsD, one in a datagram, with gunicorn's names. Never waits; what cannot be
 * sent is lost, and that is told once, until it works again. Safe on any thread.
 *
 * <p>As an echo of the error log it counts its lines from WARNING on.
 */
public final class Statsd implements LogEcho {
    private final Optional<Datagrams> datagrams;
    private final String address;
    private final String prefix;
    private final String tags;
    private final Consumer<String> warnings;
    private volatile boolean warned;

    private Statsd(
            Optional<Datagrams> datagrams,
            String address,
            String prefix,
            String tags,
            Consumer<String> warnings) {
        this.datagrams = datagrams;
        this.address = address;
        this.prefix = prefix;
        this.tags = tags.isEmpty() ? "" : "|#" + tags;
        this.warnings = warnings;
    }

    /**
     * A way to a server, which need not be there.
     *
     * @param address {@code HOST:PORT} or {@code unix://PATH}
     * @param prefix before each name, with its dot; may be empty
     * @param tags in the form of dogstatsd, separated by commas; may be empty
     * @param warnings told what is wrong, on any thread
     */
    public static Statsd open(
            String address, String prefix, String tags, Consumer<String> warnings) {
        Optional<Datagrams> datagrams = Optional.empty();
        try {
            if (address.startsWith("unix://")) {
                datagrams = Optional.of(Datagrams.unix(address.substring("unix://".length())));
            } else {
                int colon = address.lastIndexOf(':');
                datagrams =
                        Optional.of(
                                Datagrams.udp(
                                        address.substring(0, colon),
                                        Integer.parseInt(address.substring(colon + 1))));
            }
        } catch (IOException e) {
            warnings.accept("Can't send to statsd at " + address + ": " + e.getMessage());
        }
        return new Statsd(datagrams, address, prefix, tags, warnings);
    }

    /** A value that replaces the one before. */
    public void gauge(String name, String value) {
        send(name + ":" + value + "|g");
    }

    /** Adds to a counter. */
    public void increment(String name, String value) {
        send(name + ":" + value + "|c|@1.0");
    }

    /** One of many values. */
    public void histogram(String name, String value) {
        send(name + ":" + value + "|h");
    }

    /** One of many durations, in milliseconds. */
    public void timer(String name, String value) {
        send(name + ":" + value + "|ms");
    }

    /**
     * {@inheritDoc}
     *
     * <p>An unknown type asks for nothing.
     */
    @Override
    public void metric(String name, String value, String type) {
        switch (type) {
            case "gauge" -> gauge(name, value);
            case "counter" -> increment(name, value);
            case "histogram" -> histogram(name, value);
            case "timer" -> timer(name, value);
            default -> {}
        }
    }

    /**
     * A request has ended.
     *
     * @param status its code, or what else the application gave for one
     */
    public void request(String status, long nanos) {
        String millis = Double.toString(TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3);
        timer("gunicorn.request.duration", millis);
        increment("gunicorn.requests", "1");
        increment("gunicorn.request.status." + status, "1");
    }

    @Override
    public void logged(LogLevel level, String message) {
        if (level.compareTo(LogLevel.WARNING) >= 0) {
            boolean exception = level == LogLevel.ERROR && message.contains("\nTraceback (most");
            increment("gunicorn.log." + (exception ? "exception" : level.lowerName()), "1");
        }
    }

    private void send(String metric) {
        if (datagrams.isEmpty()) {
            return;
        }
        try {
            datagrams.get().send((prefix + metric + tags).getBytes(StandardCharsets.UTF_8));
            warned = false;
        } catch (IOException e) {
            if (!warned) {
                warned = true;
                warnings.accept(
                        "Error sending message to statsd at %s: %s"
                                .formatted(address, e.getMessage())
                                .strip());
            }
        }
    }

    @Override
    public void close() {
        datagrams.ifPresent(Datagrams::close);
    }
}
