package io.jgunicorn.http;

/**
 * The other processes that accept connections on the same sockets: each shows how many it has, so
 * that the one with the fewest takes the next. Called on the event loop.
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
}
