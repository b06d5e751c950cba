package io.jgunicorn.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the control socket is unless told otherwise, as in gunicorn. Stateless. */
public final class ControlSocketPath {
    private ControlSocketPath() {}

    /**
     * {@code gunicorn.ctl} in the folder for sockets of this user, or else in {@code
     * $HOME/.gunicorn}.
     *
     * @param environment of the server and of the client, which should be that of the same user
     */
    public static String in(Map<String, String> environment) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty() && Files.isDirectory(Path.of(runtime))) {
            return Path.of(runtime, "gunicorn.ctl").toString();
        }
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? "/" : home, ".gunicorn", "gunicorn.ctl").toString();
    }
}
