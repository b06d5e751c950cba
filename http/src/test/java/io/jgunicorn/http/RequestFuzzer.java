package io.jgunicorn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jgunicorn.config.ServerConfig.Forwarding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Fuzz target for everything that reads requests: heads, bodies, chunks, trailers. Whatever the
 * bytes are, nothing may be thrown, only clean requests may reach the application, and the verdict
 * may not depend on how the bytes are cut. Jazzer calls it; {@code FuzzIT} starts Jazzer.
 */
public final class RequestFuzzer {
    private static final int MOST_PIECES = 6;

    /** Bodies that are too large for memory do not occur. */
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    private static final List<List<String>> FOLLOWED =
            List.of(
                    List.of(),
                    List.of(
                            "x-forwarded-for",
                            "x-forwarded-proto",
                            "x-forwarded-host",
                            "x-forwarded-port"),
                    List.of("forwarded"));

    private RequestFuzzer() {}

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        String bytes = new String(input, ISO_8859_1);
        List<String> pieces = pieces(bytes, new Random(Arrays.hashCode(input)));
        for (List<String> followed : FOLLOWED) {
            List<String> whole = verdict(followed, List.of(bytes));
            if (whole.stream().anyMatch(line -> line.startsWith(MemoryConnection.UNCLEAN))) {
                throw new AssertionError(whole);
            }
            List<String> cut = verdict(followed, pieces);
            if (!whole.equals(cut)) {
                throw new AssertionError(
                        "whole: " + whole + ", cut: " + cut + " " + lengths(pieces));
            }
        }
    }

    private static List<String> verdict(List<String> followed, List<String> pieces) {
        Forwarding forwarding =
                new Forwarding(
                        List.of("10.0.0.0/8"),
                        Map.of("X-FORWARDED-PROTO", "https"),
                        List.of("SCRIPT_NAME", "PATH_INFO"),
                        "drop",
                        followed);
        TestConfig config = TestConfig.spoolingTo(FOLDER).forwarding(forwarding);
        try (MemoryConnection connection = new MemoryConnection(config)) {
            pieces.forEach(connection::send);
            return connection.verdict();
        }
    }

    /** The same input is cut at the same places each time. */
    private static List<String> pieces(String bytes, Random random) {
        List<String> pieces = new ArrayList<>();
        String rest = bytes;
        while (rest.length() > 1 && pieces.size() < MOST_PIECES - 1) {
            int cut = 1 + random.nextInt(rest.length() - 1);
            pieces.add(rest.substring(0, cut));
            rest = rest.substring(cut);
        }
        pieces.add(rest);
        return pieces;
    }

    private static List<Integer> lengths(List<String> pieces) {
        return pieces.stream().map(String::length).toList();
    }
}
