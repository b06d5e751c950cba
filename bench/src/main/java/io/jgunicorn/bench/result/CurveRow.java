package io.jgunicorn.bench.result;

import io.jgunicorn.bench.load.LoadResult;
import io.jgunicorn.bench.proc.Memory;
import io.jgunicorn.bench.stats.Spread;
import java.util.ArrayList;
import java.util.List;

/** Loads on one server that begin at the moment it is ready, one per round. */
public record CurveRow(String contender, List<Run> runs) {
    public CurveRow {
        runs = List.copyOf(runs);
    }

    /**
     * Memory at one moment.
     *
     * @param second since ready
     */
    public record MemoryPoint(double second, Memory memory) {}

    /**
     * One load.
     *
     * @param readySeconds what the start took
     * @param cpuSeconds of the server from its start to the end of the load
     * @param load with the answers of each second since ready
     * @param memory about once a second
     */
    public record Run(
            double readySeconds, double cpuSeconds, LoadResult load, List<MemoryPoint> memory) {
        public Run {
            memory = List.copyOf(memory);
        }

        /** Answers in each whole second since ready. */
        public List<Long> rates() {
            List<Long> all = load.perSecond();
            return all.isEmpty() ? all : all.subList(0, all.size() - 1);
        }

        /** The middle rate after the first two seconds. */
        public double steadyRate() {
            List<Double> rates = rates().stream().skip(2).map(Long::doubleValue).toList();
            return rates.isEmpty() ? Double.NaN : Spread.of(rates).median();
        }

        /**
         * Seconds from ready until the server runs at a rate: the start of the first second that
         * reaches it and is followed by another one; infinite if there is none.
         */
        public double secondsUntil(double rate) {
            List<Long> rates = rates();
            for (int i = 0; i + 1 < rates.size(); i++) {
                if (rates.get(i) >= rate && rates.get(i + 1) >= rate) {
                    return i;
                }
            }
            return Double.POSITIVE_INFINITY;
        }

        /** Memory at the end of the load; nothing used if it was never looked at. */
        public Memory lastMemory() {
            return memory.isEmpty() ? new Memory(0, 0, 0) : memory.getLast().memory();
        }
    }

    /** The median of the runs for each second. */
    public List<Double> medianRates() {
        int seconds = runs.stream().mapToInt(run -> run.rates().size()).min().orElse(0);
        List<Double> medians = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            int second = i;
            medians.add(
                    Spread.of(runs.stream().mapToDouble(run -> run.rates().get(second))).median());
        }
        return medians;
    }
}
