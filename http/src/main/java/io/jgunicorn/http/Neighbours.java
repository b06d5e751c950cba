package io.jgunicorn.http;

/**
 * The other processes of the same server: each shows how many connections it has, so that the one
 * with the fewest takes the next. While a reload changes the sockets, old and new processes see
 * each other though they do not share them all. Called on the event loop.
 */
public interface Neighbours {
    /** This process is alone. */
    Neighbours NONE =
            new Neighbours() {
                @Override
                public void publish(int connections) {}

                @Override
                public void withdraw() {}

                @Override
                public int fewest() {
                    return Integer.MAX_VALUE;
                }

                @Override
                public int total() {
                    return 0;
                }

                @Override
                public void publishLively(int connections) {}

                @Override
                public Lively lively() {
                    return new Lively(0, 0);
                }
            };

    /** This process accepts connections, and has so many. */
    void publish(int connections);

    /** This process accepts none at present. */
    void withdraw();

    /**
     * Connections of the process that has the fewest of all others that accept; {@link
     * Integer#MAX_VALUE} if there is none.
     */
    int fewest();

    /** Connections of all others that accept, together: moves when one of them takes one. */
    int total();

    /** So many connections of this process had something to do lately; told twice a second. */
    void publishLively(int connections);

    /** Those of all others that accept and have told so within the last two seconds. */
    Lively lively();

    /**
     * What several processes have together.
     *
     * @param connections with something to do lately: what is only kept open does not count
     */
    record Lively(int processes, int connections) {}
}
