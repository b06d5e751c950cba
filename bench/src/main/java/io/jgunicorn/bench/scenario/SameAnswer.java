package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.server.HttpProbe;
import io.jgunicorn.bench.server.RunningServer;
import io.jgunicorn.bench.server.ServerKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks that the bare Netty server answers what jgunicorn answers: else it is no measure. */
final class SameAnswer {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private SameAnswer() {}

    /** What is wrong, if both run and their heads differ in more than the date and the order. */
    static Optional<String> problem(List<RunningServer> servers, String path) {
        Optional<RunningServer> bare = first(servers, ServerKind.NETTY);
        Optional<RunningServer> ours = first(servers, ServerKind.JGUNICORN);
        if (bare.isEmpty() || ours.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<String> bareHead = head(bare.get(), path);
            List<String> ourHead = head(ours.get(), path);
            return bareHead.equals(ourHead)
                    ? Optional.empty()
                    : Optional.of(
                            "The bare Netty server answers other bytes than jgunicorn: "
                                    + bareHead
                                    + " instead of "
                                    + ourHead);
        } catch (IOException e) {
            return Optional.of("The answers could not be compared: " + e.getMessage());
        }
    }

    private static Optional<RunningServer> first(List<RunningServer> servers, ServerKind kind) {
        return servers.stream().filter(server -> server.contender().kind() == kind).findFirst();
    }

    private static List<String> head(RunningServer server, String path) throws IOException {
        return HttpProbe.get(server.port(), path, LIMIT).head().stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> !line.startsWith("date:"))
                .sorted()
                .toList();
    }
}
