package io.jgunicorn.worker.warmup;

/** Texts of Python tracebacks. Stateless. */
final class Traceback {
    private static final String FRAMES = "Traceback (most recent call last):\n";

    private Traceback() {}

    /** The first line of the exception that came last: the one after the last frames. */
    static String exception(String traceback) {
        int frames = traceback.lastIndexOf(FRAMES);
        String rest = frames < 0 ? traceback : traceback.substring(frames + FRAMES.length());
        return rest.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .findFirst()
                .orElseGet(() -> rest.strip().lines().findFirst().orElse("an exception"));
    }
}
