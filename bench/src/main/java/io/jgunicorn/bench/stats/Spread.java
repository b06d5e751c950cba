package io.jgunicorn.bench.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The middle of some samples and how far they lie apart. Noisy machines make the middle alone
 * worthless.
 *
 * @param count how many samples, at least 1
 */
public record Spread(double min, double median, double max, int count) {
    /**
     * The spread of samples in any order.
     *
     * @throws IllegalArgumentException without samples
     */
    public static Spread of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        List<Double> sorted = samples.stream().sorted().toList();
        return new Spread(
                sorted.getFirst(), percentile(sorted, 50), sorted.getLast(), sorted.size());
    }

    public static Spread of(DoubleStream samples) {
        return of(samples.boxed().toList());
    }

    /**
     * The spread of the ratios of samples taken in the same round, so that a noisy minute weighs on
     * both sides alike. Surplus samples of the longer list are left out.
     *
     * @throws IllegalArgumentException without pairs
     */
    public static Spread ofRatios(List<Double> above, List<Double> below) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return of(ratios);
    }

    /**
     * The value below which a share of the samples lies, interpolated between neighbours.
     *
     * @param sorted ascending, not empty
     * @param percent 0 to 100
     */
    public static double percentile(List<Double> sorted, double percent) {
        double place = percent / 100 * (sorted.size() - 1);
        int low = (int) Math.floor(place);
        int high = (int) Math.ceil(place);
        double below = sorted.get(low);
        double above = sorted.get(high);
        // Without the test, two infinities would have nothing between them.
        return below == above ? below : below + (place - low) * (above - below);
    }

    public Spread times(double factor) {
        return new Spread(min * factor, median * factor, max * factor, count);
    }
}
