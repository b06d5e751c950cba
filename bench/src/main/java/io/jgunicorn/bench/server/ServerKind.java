package io.jgunicorn.bench.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How each server is told what to do, and how it says where it listens. Each picks a free port. */
public enum ServerKind {
    JGUNICORN("Listening at: http://127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return List.of(
                    installation.jgunicorn().toString(),
                    "-b",
                    ANY_PORT,
                    "--no-control-socket",
                    application.spec());
        }
    },
    GUNICORN("Listening at: http://127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return List.of(installation.gunicorn(), "-b", ANY_PORT, application.spec());
        }
    },
    /** The arguments end with the option that takes the address: it decides about keep-alive. */
    UWSGI("bound to TCP address 127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return List.of(
                    installation.uwsgi(),
                    "--master",
                    "--need-app",
                    "--die-on-term",
                    "--disable-logging",
                    "--listen",
                    "1024",
                    "--module",
                    application.spec());
        }

        @Override
        List<String> command(
                Installation installation, Application application, List<String> arguments) {
            List<String> command =
                    new ArrayList<>(super.command(installation, application, arguments));
            command.add(ANY_PORT);
            return command;
        }
    },
    /** As {@link #UWSGI}, behind uWSGI's own router process, which picks no port itself. */
    UWSGI_ROUTER("uWSGI http bound on 127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return UWSGI.words(installation, application);
        }

        @Override
        List<String> command(
                Installation installation, Application application, List<String> arguments) {
            List<String> command =
                    new ArrayList<>(super.command(installation, application, arguments));
            command.add("127.0.0.1:" + FreePort.find());
            return command;
        }
    },
    WAITRESS("Serving on http://127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return List.of(installation.python(), "-m", "waitress", "--listen=" + ANY_PORT);
        }

        @Override
        List<String> command(
                Installation installation, Application application, List<String> arguments) {
            List<String> command =
                    new ArrayList<>(super.command(installation, application, arguments));
            command.add(application.spec());
            return command;
        }
    },
    /** The arguments name the main class; it runs on the JVM and the class path of the bench. */
    NETTY("Listening at: http://127\\.0\\.0\\.1:(\\d+)") {
        @Override
        List<String> words(Installation installation, Application application) {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"));
        }
    };

    private static final String ANY_PORT = "127.0.0.1:0";

    private final Pattern address;

    ServerKind(String address) {
        this.address = Pattern.compile(address);
    }

    abstract List<String> words(Installation installation, Application application);

    /** The whole command line. */
    List<String> command(
            Installation installation, Application application, List<String> arguments) {
        List<String> command = new ArrayList<>(words(installation, application));
        command.addAll(arguments);
        return command;
    }

    /** Finds the port, as group 1, in the line that tells it. */
    Pattern address() {
        return address;
    }
}
