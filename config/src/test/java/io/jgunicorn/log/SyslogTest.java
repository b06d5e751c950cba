package io.jgunicorn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SyslogTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir Path folder;

    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

    private static String received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Test
    void linesHaveGunicornsForm() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Syslog syslog =
                        new Syslog(
                                SyslogAddress.parse("udp://127.0.0.1:" + server.getLocalPort()),
                                SyslogFacility.code("LOCAL3").orElseThrow(),
                                "web",
                                warnings::add)) {
            syslog.logged(LogLevel.INFO, "Starting\nin two lines");
            syslog.logged(LogLevel.CRITICAL, "caf\u00e9");
            syslog.access("a line");
            assertThat(received(server))
                    .isEqualTo("<158>gunicorn.web.error: [" + PID + "] Starting\nin two lines\0");
            assertThat(received(server))
                    .isEqualTo("<154>gunicorn.web.error: [" + PID + "] caf\u00e9\0");
            assertThat(received(server))
                    .isEqualTo("<158>gunicorn.web.access: [" + PID + "] a line\0");
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void absenceIsToldAndTcpIsConnectedAgain() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Syslog syslog =
                new Syslog(SyslogAddress.parse("tcp://127.0.0.1:" + port), 1, "p", warnings::add)) {
            syslog.access("lost");
            assertThat(warnings.poll(10, TimeUnit.SECONDS))
                    .startsWith("Can't send to syslog at tcp://127.0.0.1:" + port + ": ");
            try (ServerSocket server =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                syslog.access("found");
                try (Socket client = server.accept()) {
                    String line = "<14>gunicorn.p.access: [" + PID + "] found\0";
                    assertThat(client.getInputStream().readNBytes(line.length()))
                            .asString()
                            .isEqualTo(line);
                }
            }
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void missingUnixSocketIsToldOnce() throws Exception {
        Path path = folder.resolve("log");
        try (Syslog syslog =
                new Syslog(SyslogAddress.parse("unix://" + path), 1, "p", warnings::add)) {
            syslog.access("lost");
            syslog.access("lost too");
            assertThat(warnings.poll(10, TimeUnit.SECONDS)).contains("unix://" + path);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void addressesAreThoseOfGunicorn() {
        assertThat(
                        List.of(
                                SyslogAddress.parse("udp://localhost:514"),
                                SyslogAddress.parse("udp://"),
                                SyslogAddress.parse("tcp://Logs:5140"),
                                SyslogAddress.parse("tcp://[::1]:5140"),
                                SyslogAddress.parse("udp://[::1]"),
                                SyslogAddress.parse("unix:///dev/log"),
                                SyslogAddress.parse("unix:///dev/log#dgram"),
                                SyslogAddress.parse("unix:///dev/log#stream")))
                .containsExactly(
                        new SyslogAddress.Udp("localhost", 514),
                        new SyslogAddress.Udp("localhost", 514),
                        new SyslogAddress.Tcp("logs", 5140),
                        new SyslogAddress.Tcp("::1", 5140),
                        new SyslogAddress.Udp("::1", 514),
                        new SyslogAddress.Unix("/dev/log", Optional.empty()),
                        new SyslogAddress.Unix("/dev/log", Optional.of(false)),
                        new SyslogAddress.Unix("/dev/log", Optional.of(true)));
        assertThatThrownBy(() -> SyslogAddress.parse("logs:514"))
                .hasMessageContaining("invalid syslog address 'logs:514'");
        assertThatThrownBy(() -> SyslogAddress.parse("udp://logs:x"))
                .hasMessage("'x' is not a valid port number.");
    }

    @Test
    void facilitiesHaveTheirCodes() {
        assertThat(SyslogFacility.code("user")).hasValue(1);
        assertThat(SyslogFacility.code("security")).hasValue(4);
        assertThat(SyslogFacility.code("authpriv")).hasValue(10);
        assertThat(SyslogFacility.code("local7")).hasValue(23);
        assertThat(SyslogFacility.code("local8")).isEmpty();
        assertThat(SyslogFacility.code("")).isEmpty();
    }
}
