package io.jgunicorn.bench.load;

import java.util.Arrays;
import java.util.List;

/** Reads what {@code wrk.lua} prints. */
final class WrkOutput {
    private static final String RESULT = "RESULT ";
    private static final String CURVE = "CURVE ";
    private static final int FIELDS = 12;

    private WrkOutput() {}

    /**
     * Finds the result.
     *
     * @param output everything wrk printed
     * @throws LoadFailure if the line with the result is missing or incomplete
     */
    static LoadResult parse(String output) throws LoadFailure {
        String[] f = line(output, RESULT).split(" ");
        if (f.length != FIELDS) {
            throw new LoadFailure("wrk gave no result:\n" + output.strip());
        }
        try {
            Latency latency =
                    new Latency(
                            Double.parseDouble(f[2]),
                            Double.parseDouble(f[3]),
                            Double.parseDouble(f[4]),
                            Double.parseDouble(f[5]),
                            Double.parseDouble(f[6]));
            Errors errors =
                    new Errors(
                            Long.parseLong(f[7]),
                            Long.parseLong(f[8]),
                            Long.parseLong(f[9]),
                            Long.parseLong(f[10]),
                            Long.parseLong(f[11]));
            return new LoadResult(
                    Long.parseLong(f[0]),
                    Double.parseDouble(f[1]),
                    latency,
                    errors,
                    curve(line(output, CURVE)));
        } catch (NumberFormatException e) {
            throw new LoadFailure("wrk gave no readable result: " + e.getMessage());
        }
    }

    private static List<Long> curve(String line) {
        return line.isEmpty()
                ? List.of()
                : Arrays.stream(line.split(" ")).map(Long::valueOf).toList();
    }

    /** The rest of the line that starts so, or nothing. */
    private static String line(String output, String start) {
        return output.lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .map(line -> line.substring(start.length()).strip())
                .orElse("");
    }
}
