package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Await;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs on their way: to readers that do not read, to syslog, to StatsD. */
@Tag("product")
class LogDeliveryIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    /** Takes datagrams until it is closed. */
    private static final class Receiver implements AutoCloseable {
        private final DatagramSocket socket;
        private final List<String> received = new CopyOnWriteArrayList<>();

        Receiver() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().name("receiver").start(this::receive);
        }

        private void receive() {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            try {
                while (true) {
                    socket.receive(packet);
                    received.add(
                            new String(
                                    packet.getData(),
                                    0,
                                    packet.getLength(),
                                    StandardCharsets.UTF_8));
                }
            } catch (SocketException _) {
                return; // closed
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String address() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        void await(String regex) {
            Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
            Await.until(
                    "a datagram with /" + regex + "/, not only " + received,
                    PATIENCE,
                    () -> received.stream().anyMatch(text -> pattern.matcher(text).matches()));
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static SocketAddress socket(ServerProcess server) {
        return UnixDomainSocketAddress.of(server.directory().resolve("app.sock"));
    }

    private static boolean answers(ServerProcess server) {
        try (RawHttp client = RawHttp.connect(socket(server))) {
            return client.get("/").isOk();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void pipeThatNobodyReadsStopsNeitherServingNorTheEnd() {
        String script = "mkfifo pipe && exec \"$@\" 1<>pipe 2>&1";
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .unbound()
                                .under("sh", "-c", script, "sh")
                                .args("--bind", "unix:app.sock", "--access-logfile", "-")
                                .args("--log-level", "debug"));
        Await.until("an answer", PATIENCE, () -> answers(server));

        Load.Result result = Load.start(socket(server), "/", 4, 12_000).join(PATIENCE);

        assertThat(result.failures()).isEmpty();
        assertThat(result.statuses()).containsOnlyKeys(200);
        server.signal("HUP");
        Await.until("an answer after a reload", PATIENCE, () -> answers(server));
        server.signal("USR1");
        server.signal("TERM");
        assertThat(server.awaitExit(Duration.ofSeconds(20))).isZero();
    }

    @Test
    void fifoForTheAccessLogIsServedWithoutAReaderAndWhatWasLostIsTold() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .under("sh", "-c", "mkfifo access && exec \"$@\"", "sh")
                                .args("--access-logfile", "access"));
        server.awaitReady(1);

        Load.Result result = Load.start(server.address(), "/", 4, 12_000).join(PATIENCE);

        assertThat(result.failures()).isEmpty();
        File fifo = server.directory().resolve("access").toFile();
        String dropped =
                "\\[WARNING\\] [1-9]\\d* access log lines were dropped: the log could not be written"
                        + " in time$";
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new FileReader(fifo, StandardCharsets.UTF_8))) {
            server.awaitThat(
                    "what waits has come, and what was lost is told",
                    () -> {
                        readReady(reader, lines);
                        return lines.size() >= 8192 && !server.log().matching(0, dropped).isEmpty();
                    });
        }
        assertThat(lines)
                .allMatch(
                        Pattern.compile("127\\.0\\.0\\.1 - - \\[.+] \"GET / HTTP/1\\.1\" 200 .+")
                                .asMatchPredicate());
    }

    private static void readReady(BufferedReader reader, List<String> lines) {
        try {
            while (reader.ready()) {
                lines.add(reader.readLine());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void syslogGetsBothLogs() throws IOException {
        try (Receiver syslog = new Receiver()) {
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("pid:app")
                                    .args("--log-syslog", "--log-syslog-facility", "local3")
                                    .args("--log-syslog-to", "udp://" + syslog.address()));
            server.awaitReady(1);
            syslog.await(
                    "<158>gunicorn\\.pid\\.app\\.error: \\["
                            + server.pid()
                            + "] Starting jgun.+\0");
            syslog.await(
                    "<158>gunicorn\\.pid\\.app\\.access: \\[\\d+] 127\\.0\\.0\\.1 - - \\[.+]"
                            + " \"GET / HTTP/1\\.1\" 200 \\d+ \"-\" \"-\"\0");
            server.signal("TERM");
            server.awaitExit();
            syslog.await("<158>gunicorn\\.pid\\.app\\.error: \\[\\d+] Shutting down: Master\0");
        }
    }

    @Test
    void syslogThatIsAbsentIsToldOnceByEachProcess() throws IOException {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("--log-syslog", "--log-syslog-prefix", "web")
                                .args("--log-syslog-to", "unix:///nonexistent/log#dgram")
                                .args("--disable-redirect-access-to-syslog"));
        server.awaitReady(1);
        Load.start(server.address(), "/", 2, 50).join(PATIENCE);
        server.signal("TERM");
        server.awaitExit();
        assertThat(server.log().matching(0, "Can't send to syslog at unix:///nonexistent/log"))
                .hasSize(2);
    }

    @Test
    void unknownFacilityEndsTheStart() {
        ServerProcess server =
                SERVERS.start(
                        Launch.app("pid:app")
                                .args("--log-syslog", "--log-syslog-facility", "local8"));
        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.log().texts()).contains("Error: unknown facility name");
    }

    @Test
    void statsdGetsTheMetricsOfGunicorn() throws IOException {
        try (Receiver statsd = new Receiver()) {
            ServerProcess server =
                    SERVERS.start(
                            Launch.app("pid:app")
                                    .file(
                                            "gunicorn.conf.py",
                                            """
                                            def when_ready(server):
                                                server.log.info("", extra={"metric": "own.ready", "value": 7, "mtype": "gauge"})
                                                server.log.warning("careful")
                                            """)
                                    .args("--statsd-host", statsd.address())
                                    .args("--statsd-prefix", "svc", "--dogstatsd-tags", "a:b")
                                    .args("--enable-backlog-metric"));
            server.awaitReady(1);
            statsd.await("svc\\.own\\.ready:7\\|g\\|#a:b");
            statsd.await("svc\\.gunicorn\\.log\\.warning:1\\|c\\|@1\\.0\\|#a:b");
            statsd.await("svc\\.gunicorn\\.workers:1\\|g\\|#a:b");
            statsd.await("svc\\.gunicorn\\.backlog:0\\|h\\|#a:b");
            statsd.await("svc\\.gunicorn\\.request\\.duration:\\d+\\.\\d+\\|ms\\|#a:b");
            statsd.await("svc\\.gunicorn\\.requests:1\\|c\\|@1\\.0\\|#a:b");
            statsd.await("svc\\.gunicorn\\.request\\.status\\.200:1\\|c\\|@1\\.0\\|#a:b");
        }
    }
}
