package io.jgunicorn.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StatsdTest {
    @TempDir Path folder;

    private final List<String> warnings = new ArrayList<>();

    private List<String> sent(String prefix, String tags, int count, Consumer<Statsd> deeds)
            throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Statsd statsd =
                        Statsd.open(
                                "127.0.0.1:" + server.getLocalPort(),
                                prefix,
                                tags,
                                warnings::add)) {
            deeds.accept(statsd);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                DatagramPacket packet = new DatagramPacket(new byte[500], 500);
                server.receive(packet);
                texts.add(
                        new String(
                                packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
            return texts;
        }
    }

    @Test
    void metricsOfRequestsAreThoseOfGunicorn() throws IOException {
        assertThat(sent("svc.", "", 3, statsd -> statsd.request("200", 405_999)))
                .containsExactly(
                        "svc.gunicorn.request.duration:0.405|ms",
                        "svc.gunicorn.requests:1|c|@1.0",
                        "svc.gunicorn.request.status.200:1|c|@1.0");
    }

    @Test
    void linesOfTheErrorLogAreCountedByLevel() throws IOException {
        assertThat(
                        sent(
                                "",
                                "a:b,c",
                                4,
                                statsd -> {
                                    statsd.logged(LogLevel.INFO, "not counted");
                                    statsd.logged(LogLevel.WARNING, "w");
                                    statsd.logged(LogLevel.ERROR, "e");
                                    statsd.logged(
                                            LogLevel.ERROR,
                                            "e\nTraceback (most recent call last):\n");
                                    statsd.logged(LogLevel.CRITICAL, "c");
                                }))
                .containsExactly(
                        "gunicorn.log.warning:1|c|@1.0|#a:b,c",
                        "gunicorn.log.error:1|c|@1.0|#a:b,c",
                        "gunicorn.log.exception:1|c|@1.0|#a:b,c",
                        "gunicorn.log.critical:1|c|@1.0|#a:b,c");
    }

    @Test
    void metricsOfHooksHaveTheirTypes() throws IOException {
        assertThat(
                        sent(
                                "",
                                "",
                                4,
                                statsd -> {
                                    statsd.metric("m", "0", "gauge");
                                    statsd.metric("m", "1", "unknown");
                                    statsd.metric("m", "2", "counter");
                                    statsd.metric("m", "3", "histogram");
                                    statsd.metric("m", "4.5", "timer");
                                }))
                .containsExactly("m:0|g", "m:2|c|@1.0", "m:3|h", "m:4.5|ms");
    }

    @Test
    void missingUnixSocketIsToldOnce() {
        try (Statsd statsd =
                Statsd.open("unix://" + folder.resolve("statsd"), "", "", warnings::add)) {
            statsd.gauge("m", "1");
            statsd.gauge("m", "2");
        }
        assertThat(warnings).singleElement().asString().contains("No such file or directory");
    }
}
