package io.jgunicorn.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the setting that an unknown name in a configuration file is likely to stand for. Such files
 * are full of helper variables, so only close names count, and none of a setting that the file sets
 * as well. Stateless.
 */
final class NearMiss {
    /** Shorter names are near to too many words. */
    private static final int SHORTEST = 5;

    /** From this length on two letters may be wrong, else one. */
    private static final int LONG = 8;

    /** Settings that a file cannot set, or need not. */
    private static final Set<String> NOT_MEANT = Set.of("config", "check_config", "print_config");

    private NearMiss() {}

    /**
     * The setting meant: one of this name in other letters or written as its option, or else the
     * one with the fewest letters wrong, missing, added or swapped.
     *
     * @param given settings that the file sets
     */
    static Optional<String> of(String name, Collection<String> given) {
        List<Setting> candidates =
                Settings.all().stream()
                        .filter(setting -> !NOT_MEANT.contains(setting.name()))
                        .filter(setting -> !given.contains(setting.name()))
                        .toList();
        String lower = name.toLowerCase(Locale.ROOT);
        for (Setting setting : candidates) {
            if (setting.name().equals(lower)) {
                return Optional.of(setting.name());
            }
        }
        if (lower.length() < SHORTEST) {
            return Optional.empty();
        }
        for (Setting setting : candidates) {
            if (setting.flags().stream().anyMatch(flag -> letters(flag).equals(letters(lower)))) {
                return Optional.of(setting.name());
            }
        }
        int least = lower.length() < LONG ? 2 : 3;
        Optional<String> nearest = Optional.empty();
        for (Setting setting : candidates) {
            int distance = distance(lower, setting.name());
            if (distance < least && setting.name().length() >= SHORTEST) {
                least = distance;
                nearest = Optional.of(setting.name());
            }
        }
        return nearest;
    }

    private static String letters(String words) {
        return words.replace("-", "").replace("_", "");
    }

    /** How many letters are wrong, missing, added or swapped with their neighbour. */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, one, other, i, j);
            }
        }
        return steps[one.length()][other.length()];
    }

    private static int step(int[][] steps, String one, String other, int i, int j) {
        boolean same = one.charAt(i - 1) == other.charAt(j - 1);
        int least =
                Math.min(
                        Math.min(steps[i - 1][j], steps[i][j - 1]) + 1,
                        steps[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
                i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
