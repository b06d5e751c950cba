package io.jgunicorn.config.value;

import java.util.Optional;

/** Rules of the settings that gunicorn does not have. */
public final class OwnRules {
    private static final long LEAST_HEAP = 128L << 20;
    private static final long MOST_HEAP = 64L << 30;

    private OwnRules() {}

    /** 128M to 64G, a whole number with the unit K, M or G; kept as it is written. */
    public static Optional<Object> workerMemory(RawValue value, Surroundings around) {
        String text = value instanceof RawValue.Text(String written) ? written.strip() : "";
        long bytes = MemorySize.parse(text).orElse(0);
        if (bytes < LEAST_HEAP || bytes > MOST_HEAP) {
            throw new InvalidValueException(
                    "worker_memory = "
                            + value.repr()
                            + " cannot be used: it must be 128M to 64G, a whole number with the"
                            + " unit K, M or G.");
        }
        return Optional.of(text);
    }
}
