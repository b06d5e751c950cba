package io.jgunicorn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts servers for a test class and ends them: those started within a test after it, those
 * started in {@code @BeforeAll} after the class. Held in a static field with
 * {@code @RegisterExtension}. When a test failed, evidence is kept of every server it could see.
 */
public final class Servers
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final List<ServerProcess> ofTheClass = new ArrayList<>();
    private final List<ServerProcess> ofTheTest = new ArrayList<>();
    private boolean inTest;

    /** Starts a server; it need not be closed by the test. */
    public ServerProcess start(Launch launch) {
        return start(Product.underTest(), launch);
    }

    private ServerProcess start(Product product, Launch launch) {
        try {
            ServerProcess server = ServerProcess.start(product, launch);
            (inTest ? ofTheTest : ofTheClass).add(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the server", e);
        }
    }

    /** Starts gunicorn itself, to compare with. */
    public ServerProcess startReference(Launch launch) {
        return start(
                Product.reference(),
                launch.env("PYTHONPATH", PythonPackages.gunicorn().toString()));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        inTest = false;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        inTest = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        inTest = false;
        context.getExecutionException().ifPresent(failure -> keepEvidence(context, failure));
        close(ofTheTest);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> keepEvidence(context, failure));
        close(ofTheClass);
    }

    private void keepEvidence(ExtensionContext context, Throwable failure) {
        String test =
                context.getRequiredTestClass().getSimpleName()
                        + context.getTestMethod()
                                .map(
                                        method ->
                                                "."
                                                        + method.getName()
                                                        + context.getDisplayName()
                                                                .replace(method.getName(), "")
                                                                .replaceAll("[^\\w.-]+", "_")
                                                                .replaceAll("_$", ""))
                                .orElse("");
        List<ServerProcess> visible = new ArrayList<>(ofTheTest);
        visible.addAll(ofTheClass);
        for (int i = 0; i < visible.size(); i++) {
            Path folder = Evidence.keep(test, i + 1, visible.get(i));
            failure.addSuppressed(new Note("evidence is in " + folder));
        }
    }

    /** Closes the last one first, all of them whatever happens, then reports. */
    private static void close(List<ServerProcess> servers) {
        AssertionError problem = null;
        for (ServerProcess server : servers.reversed()) {
            try {
                server.close();
            } catch (AssertionError e) {
                if (problem == null) {
                    problem = e;
                } else {
                    problem.addSuppressed(e);
                }
            }
        }
        servers.clear();
        if (problem != null) {
            throw problem;
        }
    }

    /** A sentence attached to a failure, without a stack trace. */
    private static final class Note extends Exception {
        private static final long serialVersionUID = 1;

        Note(String text) {
            super(text, null, false, false);
        }
    }
}
