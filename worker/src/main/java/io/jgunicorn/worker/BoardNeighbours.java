package io.jgunicorn.worker;

import io.jgunicorn.control.ConnectionBoard;
import io.jgunicorn.http.Neighbours;

/** The other workers of the master, seen through the {@link ConnectionBoard}. */
final class BoardNeighbours implements Neighbours {
    private final ConnectionBoard.Place place;

    private BoardNeighbours(ConnectionBoard.Place place) {
        this.place = place;
    }

    /** Takes a place; without one left, this worker does as if it were alone. */
    static Neighbours on(ConnectionBoard board, long pid) {
        return board.take(pid).<Neighbours>map(BoardNeighbours::new).orElse(Neighbours.NONE);
    }

    @Override
    public void publish(int connections) {
        place.publish(connections);
    }

    @Override
    public void withdraw() {
        place.withdraw();
    }

    @Override
    public int fewest() {
        return place.fewestElsewhere();
    }
}
