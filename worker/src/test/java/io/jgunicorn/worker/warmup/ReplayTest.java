package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.ClientGoneException;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.http.ResponseHeaders;
import io.jgunicorn.worker.Heads;
import io.jgunicorn.worker.wsgi.RequestErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application is a fake that takes as long as the test says, on a clock of the test's. */
class ReplayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path folder;
    private final List<String> served = new ArrayList<>();
    private final FakeClock clock = new FakeClock();
    private final long start = clock.nanoTime();
    private Duration takes = Duration.ofMillis(100);
    private Duration faster = Duration.ZERO;
    private RequestErrors errors;
    private Replay replay;

    private Replay replay(Duration limit, String... targets) throws Exception {
        List<RequestHead> requests = Stream.of(targets).map(Heads::get).toList();
        replay =
                new Replay(
                        requests,
                        limit,
                        reported -> {
                            errors = reported;
                            return this::serve;
                        },
                        Warm.log(folder),
                        clock);
        return replay;
    }

    private void serve(Exchange exchange) {
        String target = exchange.request().target();
        served.add(target);
        clock.pass(takes);
        takes = takes.minus(faster);
        switch (target) {
            case "/raises" ->
                    errors.raised(
                            "Error handling request",
                            "Traceback (most recent call last):\n  File\nValueError: no");
            case "/unavailable" -> answer(exchange, "503 Come later");
            case "/missing" -> answer(exchange, "404 Not Found");
            case "/stuck" -> {
                replay.giveUp(Duration.ofSeconds(9));
                answer(exchange, "500 Too late");
            }
            default -> answer(exchange, "200 OK");
        }
    }

    private static void answer(Exchange exchange, String status) {
        try {
            exchange.respond(status, new ResponseHeaders(List.of()), new byte[0]);
        } catch (ClientGoneException _) {
            return; // given up
        }
    }

    @Test
    void withoutALimitEachRequestIsReplayedOnce() throws Exception {
        replay(Duration.ZERO, "/a", "/b", "/c").run();

        assertThat(served).containsExactly("/a", "/b", "/c");
        assertThat(replay.returned()).isEqualTo(3);
        assertThat(Warm.lines(folder)).isEmpty();
    }

    @Test
    void roundsFollowEachOtherUntilItHelpsNoMore() throws Exception {
        replay(LIMIT, "/a", "/b").run();

        assertThat(served).startsWith("/a", "/b", "/a", "/b").hasSizeGreaterThan(20);
        assertThat(Duration.ofNanos(clock.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatGetsFasterIsReplayedUntilTheTimeIsOver() throws Exception {
        takes = Duration.ofSeconds(5);
        faster = Duration.ofMillis(500);
        replay(Duration.ofSeconds(15), "/a").run();

        assertThat(served).hasSize(4); // 5 + 4.5 + 4 + 3.5 s
    }

    @Test
    void noRequestBeginsWhenTheTimeIsOver() throws Exception {
        takes = Duration.ofSeconds(20);
        replay(LIMIT, "/a", "/b", "/c").run();

        assertThat(served).containsExactly("/a", "/b");
    }

    @Test
    void failuresAreReportedOnceAndNotReplayed() throws Exception {
        replay(LIMIT, "/raises", "/ok", "/unavailable", "/missing").run();

        assertThat(served).startsWith("/raises", "/ok", "/unavailable", "/missing", "/ok");
        assertThat(served).containsOnlyOnce("/raises").containsOnlyOnce("/unavailable");
        assertThat(Warm.lines(folder))
                .containsExactly(
                        "[WARNING] Warm-up request GET /raises failed: ValueError: no",
                        "[WARNING] Warm-up request GET /unavailable was answered with 503 Come"
                                + " later");
    }

    @Test
    void onlyFailuresEndTheReplay() throws Exception {
        replay(LIMIT, "/raises", "/unavailable").run();

        assertThat(served).hasSize(2);
    }

    @Test
    void nothingFollowsARequestThatWasGivenUpAndNobodyHearsHowItEnded() throws Exception {
        replay(LIMIT, "/a", "/stuck", "/b").run();

        assertThat(served).containsExactly("/a", "/stuck");
        assertThat(Warm.lines(folder))
                .containsExactly(
                        "[WARNING] Warm-up ends early: GET /stuck has not returned after 9 s and is"
                                + " left to itself");
    }

    @Test
    void patienceIsWithOneRequestAtATime() throws Exception {
        replay(LIMIT, "/a");
        clock.pass(Duration.ofSeconds(3));

        assertThat(replay.patienceLeft(Duration.ofSeconds(10)))
                .isEqualTo(Duration.ofSeconds(7).toNanos());
    }
}
