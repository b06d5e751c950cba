package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Gives the same configurations to gunicorn and to us. {@code -Dconfigurations=rare} takes those
 * that are much like another one, {@code all} takes all. {@code -Dconfigurations.print=true} prints
 * the rows of the table, too.
 */
@Tag("product")
class DifferentialIT {
    private static final Path TABLE =
            Path.of(System.getProperty("jgunicorn.sources", ".."), "docs/config-differences.md");

    private static final String WANTED = System.getProperty("configurations", "some");

    private static final int AT_A_TIME = 2;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES) // each case starts two servers or more
    void differencesFromGunicornAreThoseInTheTable() throws Exception {
        Map<String, String> expected = table();
        Map<String, String> found = new TreeMap<>();
        List<ConfigurationCase> cases = new ArrayList<>(ConfigurationCase.all());
        assertThat(cases).extracting(ConfigurationCase::name).doesNotHaveDuplicates();
        assertThat(cases).extracting(ConfigurationCase::name).containsAll(expected.keySet());
        assertThat(cases).hasSizeGreaterThan(150);
        if (!WANTED.equals("all")) {
            cases.removeIf(one -> one.rare() != WANTED.equals("rare"));
            expected.keySet().retainAll(cases.stream().map(ConfigurationCase::name).toList());
        }

        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            Map<String, Future<Optional<String>>> running = new TreeMap<>();
            for (ConfigurationCase one : cases) {
                running.put(one.name(), threads.submit(() -> difference(one)));
            }
            for (Map.Entry<String, Future<Optional<String>>> one : running.entrySet()) {
                result(one).ifPresent(both -> found.put(one.getKey(), both));
            }
        }
        if (Boolean.getBoolean("configurations.print")) {
            found.forEach((name, both) -> System.out.println("| " + name + " | " + both + " | |"));
        }
        assertThat(found).isEqualTo(expected);
    }

    private static Optional<String> result(Map.Entry<String, Future<Optional<String>>> one)
            throws InterruptedException {
        try {
            return one.getValue().get();
        } catch (ExecutionException e) {
            throw new AssertionError(one.getKey(), e.getCause());
        }
    }

    private static Optional<String> difference(ConfigurationCase one) {
        ConfigurationVerdict theirs = ConfigurationVerdict.of(Invocation.ofGunicorn(one.launch()));
        ConfigurationVerdict ours = ConfigurationVerdict.of(Invocation.ofProduct(one.launch()));
        // The application named on the command line: gunicorn does not show it here.
        theirs.settings().remove("wsgi_app", "None");
        List<String> onlyTheirs = theirs.beside(ours);
        List<String> onlyOurs = ours.beside(theirs);
        return onlyTheirs.isEmpty() && onlyOurs.isEmpty()
                ? Optional.empty()
                : Optional.of(shown(onlyTheirs) + " | " + shown(onlyOurs));
    }

    private static String shown(List<String> lines) {
        return lines.isEmpty()
                ? "-"
                : String.join("; ", lines).replace("\n", "\\n").replace("|", "&#124;");
    }

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new TreeMap<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns = line.split(" *\\| *", -1);
            if (line.startsWith("| configuration |")) {
                inTable = true;
            } else if (inTable && columns.length == 6 && !line.startsWith("|-")) {
                assertThat(columns[4]).as("reason of " + columns[1]).isNotEmpty();
                table.put(columns[1], columns[2] + " | " + columns[3]);
            } else if (!line.startsWith("|-")) {
                inTable = false;
            }
        }
        return table;
    }
}
