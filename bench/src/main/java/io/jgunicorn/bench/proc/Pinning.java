package io.jgunicorn.bench.proc;

import java.util.List;

/**
 * Which processors the servers and the load generator may use, as words before their commands.
 *
 * @param server empty, or {@code taskset -c LIST}
 * @param client empty, or {@code taskset -c LIST}
 * @param clientProcessors how many the generator may use
 */
public record Pinning(List<String> server, List<String> client, int clientProcessors) {
    private static final int WORTH_SPLITTING = 4;

    public Pinning {
        server = List.copyOf(server);
        client = List.copyOf(client);
    }

    /** Half of the processors for each side from four on; with fewer, both share all. */
    public static Pinning of(int processors) {
        if (processors < WORTH_SPLITTING) {
            return new Pinning(List.of(), List.of(), processors);
        }
        int half = processors / 2;
        return new Pinning(
                taskset(0, processors - half - 1),
                taskset(processors - half, processors - 1),
                half);
    }

    private static List<String> taskset(int first, int last) {
        return List.of("taskset", "-c", first + "-" + last);
    }

    /** One sentence for the report. */
    public String description() {
        return server.isEmpty()
                ? "The load generator is not pinned: it shares all processors with the server."
                : "Servers run on processors "
                        + server.getLast()
                        + ", the load generator on "
                        + client.getLast()
                        + ".";
    }
}
