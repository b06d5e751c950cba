package io.jgunicorn.python;

import java.util.Map;
import java.util.Set;

/**
 * What Python code did to {@code os.environ} since the process started.
 *
 * @param set variables that are new or have another value
 * @param removed variables that are gone
 */
public record EnvironmentChanges(Map<String, String> set, Set<String> removed) {
    public EnvironmentChanges {
        set = Map.copyOf(set);
        removed = Set.copyOf(removed);
    }
}
