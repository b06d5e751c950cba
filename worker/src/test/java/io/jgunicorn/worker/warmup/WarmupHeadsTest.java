package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.http.RequestHead;
import io.jgunicorn.os.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmupHeadsTest {
    @TempDir Path folder;

    private List<RequestHead> heads(String... items) throws Exception {
        ServerConfig config =
                new ServerConfig(
                        "app",
                        new ServerConfig.Sockets(List.of(new BindAddress.Tcp("", 0)), 1),
                        null,
                        null,
                        Optional.empty(),
                        null,
                        new ServerConfig.Warmup(List.of(items), Duration.ZERO),
                        new ServerConfig.RequestLimits(30, 10, 100),
                        null,
                        null,
                        new ServerConfig.ProcessSettings(
                                folder,
                                List.of(),
                                Map.of(),
                                Optional.empty(),
                                "x",
                                Optional.empty(),
                                0,
                                Identity.current(),
                                false,
                                false),
                        new ServerConfig.Forwarding(
                                List.of(), Map.of(), List.of(), "drop", List.of()),
                        null,
                        Optional.empty());
        return WarmupHeads.of(
                config,
                List.of(new BindAddress.Tcp("localhost", 8123)),
                List.of(),
                Warm.log(folder));
    }

    @Test
    void requestsAreSentToTheFirstListener() throws Exception {
        Files.writeString(folder.resolve("r.txt"), "GET /b HTTP/1.1\nHost: shop.example\n");

        List<RequestHead> heads = heads("/a", "file:r.txt");
        assertThat(heads).extracting(RequestHead::target).containsExactly("/a", "/b");
        assertThat(heads)
                .flatExtracting(RequestHead::headers)
                .containsExactly(
                        new RequestHead.Header("HOST", "localhost:8123"),
                        new RequestHead.Header("HOST", "shop.example"));
        assertThat(Warm.lines(folder)).isEmpty();
    }

    @Test
    void requestBeyondALimitIsLeftOut() throws Exception {
        assertThat(heads("/a", "/a-target-beyond-the-limit")).hasSize(1);
        assertThat(Warm.lines(folder))
                .containsExactly(
                        "[WARNING] Warm-up request GET /a-target-beyond-the-limit is left out:"
                                + " Request Line is too large (39 > 30)");
    }

    @Test
    void fileThatHasGoneSinceTheStartLeavesTheWarmUpOut() throws Exception {
        assertThat(heads("/a", "file:gone.txt")).isEmpty();
        assertThat(Warm.lines(folder))
                .singleElement()
                .asString()
                .startsWith(
                        "[WARNING] Warm-up is left out: warmup = 'file:gone.txt' cannot be used:");
    }
}
