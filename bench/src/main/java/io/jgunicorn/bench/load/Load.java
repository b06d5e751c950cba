package io.jgunicorn.bench.load;

/** What a load generator does to a server. The id names it in results. */
public sealed interface Load {
    String id();

    /** For people: one phrase. */
    String title();

    /** The first path it asks for. */
    String path();

    int connections();

    /**
     * Each connection asks again as soon as it has its answer. wrk.
     *
     * @param keepAlive otherwise each request takes a connection of its own
     * @param postBytes the size of a request body; 0 sends GET
     */
    record ClosedLoop(
            String id, String title, String path, int connections, boolean keepAlive, int postBytes)
            implements Load {
        /** Kept-alive GET requests. */
        public static ClosedLoop get(String id, String title, String path, int connections) {
            return new ClosedLoop(id, title, path, connections, true, 0);
        }
    }

    /**
     * Requests at a fixed rate, whatever comes back, as long as a connection is free. h2load.
     *
     * @param requestsPerSecond of all connections together; a multiple of their number
     */
    record FixedRate(String id, String title, String path, int connections, int requestsPerSecond)
            implements Load {
        public FixedRate {
            if (requestsPerSecond % connections != 0) {
                throw new IllegalArgumentException("the rate must divide among the connections");
            }
        }
    }

    /** Measures the fast requests while the slow ones run beside them. */
    record Mixed(String id, String title, ClosedLoop fast, ClosedLoop slow) implements Load {
        @Override
        public String path() {
            return fast.path();
        }

        @Override
        public int connections() {
            return fast.connections() + slow.connections();
        }
    }
}
