package io.jgunicorn.python;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The PYTHON... variables that change how Python runs. Python's own launcher reads them; where
 * Python is embedded they have no effect but through options.
 *
 * <table>
 * <caption>Variables and options; an empty variable counts as unset</caption>
 * <tr><td>PYTHONWARNINGS</td><td>WarnOptions</td></tr>
 * <tr><td>PYTHONHASHSEED</td><td>HashSeed: {@code random}, or 0 to 4294967295</td></tr>
 * <tr><td>PYTHONINTMAXSTRDIGITS</td><td>IntMaxStrDigits: 0, or 640 and more</td></tr>
 * <tr><td>PYTHONUNBUFFERED</td><td>UnbufferedIO</td></tr>
 * <tr><td>PYTHONVERBOSE</td><td>VerboseFlag</td></tr>
 * <tr><td>PYTHONOPTIMIZE</td><td>PythonOptimizeFlag; 0 is off</td></tr>
 * <tr><td>PYTHONNOUSERSITE</td><td>none: user site packages are never used</td></tr>
 * </table>
 */
public final class PythonVariables {
    private static final long MOST_SEED = 4_294_967_295L;
    private static final long LEAST_DIGITS = 640;

    private PythonVariables() {}

    /**
     * Options by name.
     *
     * @throws PythonFailure with one sentence, if a variable has a value Python would refuse
     */
    public static Map<String, String> options(Map<String, String> environment) {
        Map<String, String> options = new TreeMap<>();
        value(environment, "PYTHONWARNINGS")
                .ifPresent(text -> options.put("python.WarnOptions", text));
        value(environment, "PYTHONHASHSEED")
                .filter(text -> !text.equals("random"))
                .ifPresent(text -> options.put("python.HashSeed", seed(text)));
        value(environment, "PYTHONINTMAXSTRDIGITS")
                .ifPresent(text -> options.put("python.IntMaxStrDigits", digits(text)));
        value(environment, "PYTHONUNBUFFERED")
                .ifPresent(_ -> options.put("python.UnbufferedIO", "true"));
        value(environment, "PYTHONVERBOSE")
                .filter(text -> !text.equals("0"))
                .ifPresent(_ -> options.put("python.VerboseFlag", "true"));
        value(environment, "PYTHONOPTIMIZE")
                .filter(text -> !text.equals("0"))
                .ifPresent(_ -> options.put("python.PythonOptimizeFlag", "true"));
        return options;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
    }

    private static String seed(String text) {
        long seed = number(text);
        if (seed < 0 || seed > MOST_SEED) {
            throw invalid("PYTHONHASHSEED", text, "it must be 'random' or 0 to " + MOST_SEED);
        }
        return Long.toString(seed);
    }

    private static String digits(String text) {
        long digits = number(text);
        if (digits != 0 && (digits < LEAST_DIGITS || digits > Integer.MAX_VALUE)) {
            throw invalid("PYTHONINTMAXSTRDIGITS", text, "it must be 0, or at least 640");
        }
        return Long.toString(digits);
    }

    /** -1 for what is no number. */
    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    private static PythonFailure invalid(String name, String text, String rule) {
        String message = "environment variable " + name + " = '" + text + "' is invalid: " + rule;
        return new PythonFailure(message, message + "\n");
    }
}
