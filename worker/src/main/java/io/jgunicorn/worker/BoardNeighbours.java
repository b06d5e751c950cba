package io.jgunicorn.worker;

import io.jgunicorn.control.ConnectionBoard;
import io.jgunicorn.http.Neighbours;

/** The other workers of the master, seen through the {@link ConnectionBoard}. */
final class BoardNeighbours implements Neighbours {
    private final ConnectionBoard.Place place;

    BoardNeighbours(ConnectionBoard.Place place) {
        this.place = place;
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

    @Override
    public int total() {
        return place.totalElsewhere();
    }

    @Override
    public void publishLively(int connections) {
        place.publishLively(connections);
    }

    @Override
    public Lively lively() {
        return new Lively(place.tellingElsewhere(), place.livelyElsewhere());
    }
}
