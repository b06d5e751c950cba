package io.jgunicorn.bench.figures;

/**
 * What a figure should be.
 *
 * @param direction which side is good
 * @param atLeast what it must reach
 * @param aim what we would like
 */
public record Target(Direction direction, double atLeast, double aim) {
    /** Which values are better. */
    public enum Direction {
        HIGHER,
        LOWER
    }

    static Target higher(double atLeast, double aim) {
        return new Target(Direction.HIGHER, atLeast, aim);
    }

    static Target lower(double atLeast, double aim) {
        return new Target(Direction.LOWER, atLeast, aim);
    }

    boolean reaches(double value, double goal) {
        return direction == Direction.HIGHER ? value >= goal : value <= goal;
    }
}
