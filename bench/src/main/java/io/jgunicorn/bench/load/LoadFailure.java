package io.jgunicorn.bench.load;

/** A load generator could not do its work. The message is for the person at the terminal. */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    public LoadFailure(String message) {
        super(message);
    }
}
