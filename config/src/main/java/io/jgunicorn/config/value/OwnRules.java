package io.jgunicorn.config.value;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules of the settings that gunicorn does not have. */
public final class OwnRules {
    private static final long LEAST_HEAP = 128L << 20;
    private static final long MOST_HEAP = 64L << 30;
    private static final long MOST_RESIDENT = 1024L << 30;

    private static final long MOST_REPLACEMENTS = 1000;

    /**
     * Longest warm-up, in seconds: together with the boot it must end long before the master gives
     * the worker up.
     */
    private static final long LONGEST_WARMUP = 120;

    private static final List<String> X_FORWARDED =
            List.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port");

    private static final Pattern TARGET = Pattern.compile("/[!-~]*");

    private OwnRules() {}

    /**
     * Request targets, {@code file:PATH} and {@code recent}; the files are read when {@code chdir}
     * is known.
     */
    public static Optional<Object> warmup(RawValue value, Surroundings around) {
        List<String> items = Validators.strings(value);
        for (String item : items) {
            boolean isFile = item.startsWith("file:") && item.length() > "file:".length();
            if (!isFile && !item.equals("recent") && !TARGET.matcher(item).matches()) {
                throw new InvalidValueException(
                        "warmup = "
                                + PyText.repr(item)
                                + " cannot be used: it must be a target such as /path?query, in"
                                + " ASCII and without blanks, file:PATH, or recent.");
            }
        }
        return Optional.of(items);
    }

    /** Seconds from 0 to 120. */
    public static Optional<Object> warmupTimeout(RawValue value, Surroundings around) {
        return between("warmup_timeout", value, 0, LONGEST_WARMUP, " seconds");
    }

    /** Bytes, from 0. */
    public static Optional<Object> bodyLimit(RawValue value, Surroundings around) {
        long bytes = Validators.integer(value);
        if (bytes < 0) {
            throw new InvalidValueException(
                    "limit_request_body = "
                            + bytes
                            + " cannot be used: it must be a number of bytes, or 0 for no limit.");
        }
        return Optional.of(bytes);
    }

    /**
     * Names of fields, separated by commas or in a list, in any case: {@code forwarded} alone, or
     * some of the others. Nothing, None, False and {@code off} follow no field.
     */
    public static Optional<Object> proxyHeaders(RawValue value, Surroundings around) {
        List<String> names =
                (value instanceof RawValue.Text
                                ? Validators.splitOnCommas(value)
                                : Validators.strings(value))
                        .stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        if (names.equals(List.of("off"))) {
            return Optional.of(List.of());
        }
        if (!names.equals(List.of("forwarded")) && !X_FORWARDED.containsAll(names)) {
            throw new InvalidValueException(
                    "proxy_headers = "
                            + value.repr()
                            + " cannot be used: it must name the header fields that your proxy sets:"
                            + " forwarded, or some of "
                            + String.join(", ", X_FORWARDED)
                            + "; or be off.");
        }
        return Optional.of(names);
    }

    /** 1 to 1000. */
    public static Optional<Object> maxReplacements(RawValue value, Surroundings around) {
        return between("max_replacements", value, 1, MOST_REPLACEMENTS, "");
    }

    /** 1 to 1000. */
    public static Optional<Object> minWorkers(RawValue value, Surroundings around) {
        return between("min_workers", value, 1, 1000, "");
    }

    /** Per cent, 10 to 95. */
    public static Optional<Object> scalingBusyness(RawValue value, Surroundings around) {
        return between("scaling_busyness", value, 10, 95, " per cent");
    }

    /** 1 to 100. */
    public static Optional<Object> scalingStep(RawValue value, Surroundings around) {
        return between("scaling_step", value, 1, 100, "");
    }

    /** Seconds, 1 to a day. */
    public static Optional<Object> scalingDownAfter(RawValue value, Surroundings around) {
        return between("scaling_down_after", value, 1, 86_400, " seconds");
    }

    /** 128M to 64G, a whole number with the unit K, M or G; kept as it is written. */
    public static Optional<Object> workerMemory(RawValue value, Surroundings around) {
        String text = value instanceof RawValue.Text(String written) ? written.strip() : "";
        if (!isMemory(text, LEAST_HEAP, MOST_HEAP)) {
            throw new InvalidValueException(
                    "worker_memory = "
                            + value.repr()
                            + " cannot be used: it must be 128M to 64G, a whole number with the"
                            + " unit K, M or G.");
        }
        return Optional.of(text);
    }

    /** 128M to 1024G, a whole number with the unit K, M or G, or 0; kept as it is written. */
    public static Optional<Object> maxWorkerMemory(RawValue value, Surroundings around) {
        return memoryLimit("max_worker_memory", value);
    }

    /** 128M to 1024G, a whole number with the unit K, M or G, or 0; kept as it is written. */
    public static Optional<Object> scalingMemory(RawValue value, Surroundings around) {
        return memoryLimit("scaling_memory", value);
    }

    private static Optional<Object> memoryLimit(String setting, RawValue value) {
        String text =
                switch (value) {
                    case RawValue.Text(String written) -> written.strip();
                    case RawValue.Int(long number) -> Long.toString(number);
                    default -> "";
                };
        if (!text.equals("0") && !isMemory(text, LEAST_HEAP, MOST_RESIDENT)) {
            throw new InvalidValueException(
                    setting
                            + " = "
                            + value.repr()
                            + " cannot be used: it must be 128M to 1024G, a whole number with the"
                            + " unit K, M or G; or 0 for no limit.");
        }
        return Optional.of(text);
    }

    private static Optional<Object> between(
            String setting, RawValue value, long least, long most, String unit) {
        long number = Validators.integer(value);
        if (number < least || number > most) {
            throw new InvalidValueException(
                    "%s = %d cannot be used: it must be %d to %d%s."
                            .formatted(setting, number, least, most, unit));
        }
        return Optional.of(number);
    }

    private static boolean isMemory(String text, long least, long most) {
        long bytes = MemorySize.parse(text).orElse(0);
        return bytes >= least && bytes <= most;
    }
}
