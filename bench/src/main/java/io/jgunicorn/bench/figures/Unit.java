package io.jgunicorn.bench.figures;

import java.util.Locale;

/** How a figure is written. */
public enum Unit {
    TIMES {
        @Override
        public String format(double value) {
            return String.format(Locale.ROOT, "%.2fx", value);
        }
    },
    PERCENT {
        @Override
        public String format(double value) {
            return String.format(Locale.ROOT, "%.0f %%", value * 100);
        }
    },
    SECONDS {
        @Override
        public String format(double value) {
            return Double.isInfinite(value)
                    ? "not reached"
                    : String.format(Locale.ROOT, value < 10 ? "%.2f s" : "%.1f s", value);
        }
    },
    MEGABYTES {
        @Override
        public String format(double value) {
            return String.format(Locale.ROOT, "%.0f MB", value);
        }
    },
    COUNT {
        @Override
        public String format(double value) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
    };

    public abstract String format(double value);
}
