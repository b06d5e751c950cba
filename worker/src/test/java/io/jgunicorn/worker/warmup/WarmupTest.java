package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.ClientGoneException;
import io.jgunicorn.http.Exchange;
import io.jgunicorn.worker.Heads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WarmupTest {
    @TempDir Path folder;

    private void run(Duration patience, Consumer<Exchange> app, String... targets)
            throws Exception {
        new Warmup(
                        Duration.ZERO,
                        patience,
                        (name, task) -> Thread.ofVirtual().name(name).start(task),
                        Warm.log(folder))
                .run(List.of(targets).stream().map(Heads::get).toList(), _ -> app);
    }

    @Test
    void oneLineSaysHowManyRequestsWereReplayed() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        run(Duration.ofSeconds(20), _ -> threads.add(Thread.currentThread().getName()), "/a", "/b");

        assertThat(threads).containsExactly("warm-up", "warm-up");
        assertThat(Warm.lines(folder))
                .singleElement()
                .asString()
                .matches(
                        "\\[INFO] Warmed up with 2 requests in \\d+\\.\\d s \\(pid: "
                                + ProcessHandle.current().pid()
                                + "\\)");
    }

    @Test
    void nothingToReplayIsWorthNoWord() throws Exception {
        run(Duration.ofSeconds(20), _ -> {});

        assertThat(folder.resolve("log")).isEmptyFile();
    }

    @Test
    void requestThatNeverReturnsIsLeftToItselfAndNamed() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<String> afterwards = new CompletableFuture<>();
        run(
                Duration.ofMillis(50),
                exchange -> {
                    try {
                        never.await();
                        exchange.write(new byte[1]);
                    } catch (InterruptedException | ClientGoneException e) {
                        afterwards.complete(e.getMessage());
                    }
                },
                "/stuck");

        assertThat(Warm.lines(folder))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("[WARNING] Warm-up ends early: GET /stuck has not returned after ");
        assertThat(Warm.lines(folder)).last().asString().contains("Warmed up with 0 requests");
        never.countDown();
        assertThat(afterwards.get(20, TimeUnit.SECONDS)).isEqualTo("the warm-up is over");
    }
}
