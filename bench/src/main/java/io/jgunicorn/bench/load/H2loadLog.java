package io.jgunicorn.bench.load;

import io.jgunicorn.bench.stats.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the file that {@code h2load --log-file} writes: a line per request with its start
 * (microseconds since the epoch), its status (-1 if it failed) and how long it took (microseconds).
 */
final class H2loadLog {
    private H2loadLog() {}

    /**
     * Sums up all requests.
     *
     * @param seconds how long the load was to last
     * @throws LoadFailure if no request is in the file, or it has another format
     */
    static LoadResult parse(List<String> lines, double seconds) throws LoadFailure {
        List<Double> millis = new ArrayList<>();
        long wrongStatus = 0;
        long failed = 0;
        for (String line : lines) {
            String[] fields = line.split("\t");
            if (fields.length < 3) {
                throw new LoadFailure("not a line of h2load's log: " + line);
            }
            int status = Integer.parseInt(fields[1]);
            if (status < 0) {
                failed++;
            } else {
                millis.add(Long.parseLong(fields[2]) / 1000.0);
                wrongStatus += status < 200 || status > 399 ? 1 : 0;
            }
        }
        if (millis.isEmpty()) {
            throw new LoadFailure("h2load saw no answer, and " + failed + " failures");
        }
        millis.sort(null);
        Latency latency =
                new Latency(
                        Spread.percentile(millis, 50),
                        Spread.percentile(millis, 90),
                        Spread.percentile(millis, 99),
                        Spread.percentile(millis, 99.9),
                        millis.getLast());
        Errors errors = new Errors(0, failed, 0, wrongStatus, 0);
        return new LoadResult(millis.size(), seconds, latency, errors, List.of());
    }
}
