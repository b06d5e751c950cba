package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.CorpusCase;
import io.jgunicorn.testkit.Conversation;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The corpus of requests over real sockets: what reaches an application, of us and of gunicorn. */
@Tag("product")
class CorpusIT {
    private static final Path TABLE =
            Path.of(System.getProperty("jgunicorn.sources", ".."), "docs/corpus-differences.md");

    private static final int ATTEMPTS = 5;

    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Whether the connection stays open cannot be seen by a client that has said all it will. */
    private static List<String> expected(CorpusCase one) {
        return one.verdict().stream()
                .filter(line -> !line.equals("closed") && !line.equals("waits"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void everyRequestOfTheCorpusMeetsItsVerdict(String workerClass) throws IOException {
        ServerProcess server = SERVERS.start(Launch.app("corpus_echo:app").args("-k", workerClass));
        server.awaitReady(1);
        List<String> wrong = new ArrayList<>();
        for (CorpusCase one : CorpusCase.all()) {
            List<String> answers = Conversation.answers(server.address(), one.bytes());
            if (!answers.equals(expected(one))) {
                wrong.add(one + ": " + answers + " instead of " + expected(one));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /**
     * The table names each difference once, with a reason. {@code -Dcorpus.print=true} prints its
     * rows instead.
     */
    @Test
    void differencesFromGunicornAreThoseInTheTable() throws IOException {
        ServerProcess gunicorn =
                SERVERS.startReference(
                        Launch.app("corpus_echo:app").args("-k", "gthread", "--threads", "4"));
        gunicorn.awaitReady(1);
        Map<String, String> table = table();
        Map<String, String> found = new TreeMap<>();
        for (CorpusCase one : CorpusCase.all()) {
            String name = one.toString();
            difference(gunicorn, one, table.getOrDefault(name, ""))
                    .ifPresent(verdicts -> found.put(name, verdicts));
        }
        if (Boolean.getBoolean("corpus.print")) {
            found.forEach((name, both) -> System.out.println("| " + name + " | " + both + " | |"));
        }
        assertThat(table).isEqualTo(found);
    }

    /**
     * gunicorn closes without reading what is left, so that its last answer may get lost: what is
     * not as in the table is looked at again.
     */
    private static Optional<String> difference(ServerProcess gunicorn, CorpusCase one, String known)
            throws IOException {
        String verdicts = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<String> answers = Conversation.answers(gunicorn.address(), one.bytes());
            verdicts =
                    answers.equals(expected(one))
                            ? ""
                            : shown(answers) + " | " + shown(expected(one));
            if (verdicts.equals(known)) {
                break;
            }
        }
        return Optional.of(verdicts).filter(text -> !text.isEmpty());
    }

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new TreeMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns = line.split(" *\\| *", -1);
            if (line.startsWith("| ") && columns.length == 6 && columns[1].contains(": ")) {
                assertThat(columns[4]).as("reason of " + columns[1]).isNotEmpty();
                table.put(columns[1], columns[2] + " | " + columns[3]);
            }
        }
        return table;
    }

    private static String shown(List<String> answers) {
        if (answers.isEmpty()) {
            return "no answer";
        }
        return answers.stream()
                .map(CorpusCase::escaped)
                .map(text -> text.length() > 40 ? text.substring(0, 37) + "..." : text)
                .map(text -> text.replace("|", "&#124;"))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }
}
