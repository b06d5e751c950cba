package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.Scaling;
import java.time.Duration;
import java.util.Optional;

/**
 * The workers of one configuration: those of the first start are generation 1, each reload begins
 * the next.
 *
 * @param target how many workers shall serve
 * @param preload a failure to load the application is a failure of the start itself
 * @param reload workers wait, prepared, for the order to load the application, and one more than
 *     wanted does so: the next edit needs it
 * @param proven a worker of this generation has been ready: the application can be loaded
 */
public record Generation(
        int number, int target, Policy policy, boolean preload, boolean reload, boolean proven) {

    /**
     * How its workers are dealt with.
     *
     * @param boot how long a worker may take to be ready; zero: for ever
     * @param timeout longest silence of a worker; zero switches the check off
     * @param graceful how long a worker may take to finish its requests
     * @param replacements how many workers may be replaced at the same time by plan, at least 1
     * @param spares how many shall be ready beside those that serve
     * @param scaling how the target follows the load; empty: it stays
     */
    public record Policy(
            Duration boot,
            Duration timeout,
            Duration graceful,
            int replacements,
            int spares,
            Optional<Scaling> scaling) {}

    /** A generation no worker has proven yet; without workers there is nothing to prove. */
    public static Generation fresh(int number, int target, Policy policy, boolean preload) {
        return new Generation(number, target, policy, preload, false, target == 0);
    }

    /** The same for development: see {@code reload}. */
    public Generation reloading() {
        return new Generation(number, target, policy, preload, true, proven);
    }

    Generation withTarget(int target) {
        return new Generation(number, target, policy, preload, reload, proven);
    }

    /** True if the number of workers follows the load. */
    boolean scaled() {
        return policy.scaling().isPresent();
    }

    /** The same with as many workers as the load asked for so far, where both follow it. */
    Generation scaledAs(Generation before) {
        return before.scaled() ? scaledTo(before.target()) : this;
    }

    /**
     * The same with so many workers, or as near as its bounds allow, where they follow the load.
     */
    Generation scaledTo(int workers) {
        return policy.scaling()
                .map(bounds -> withTarget(Math.clamp(workers, bounds.least(), bounds.most())))
                .orElse(this);
    }

    Generation withProof() {
        return new Generation(number, target, policy, preload, reload, true);
    }

    Duration graceful() {
        return policy.graceful();
    }

    /** None where code changes all the time, and none for a server without workers. */
    int spares() {
        return reload || target == 0 ? 0 : policy.spares();
    }
}
