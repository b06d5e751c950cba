package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker with as many idle connections as this machine lets a process have, up to 10,000. */
@Tag("product")
class IdleConnectionsIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final int MOST = 10_000;
    private static final int LEAST = 2_000;

    /** What both sides need beside the connections. */
    private static final int OTHER_DESCRIPTORS = 1_000;

    private static final int WARM = 200;
    private static final long BYTES_OF_ONE = 32 * 1024;

    /** What the heap may grow by on the side; it weighs if there are few connections. */
    private static final long YOUNG_GENERATION = 96L << 20;

    private static int possible() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            String limit =
                    lines.filter(line -> line.startsWith("Max open files"))
                            .map(line -> line.split(" {2,}")[2])
                            .findFirst()
                            .orElseThrow();
            return limit.equals("unlimited")
                    ? MOST
                    : Math.min(MOST, Integer.parseInt(limit) - OTHER_DESCRIPTORS);
        }
    }

    /** Connections that have had an answer each and are kept open. */
    private static void open(ServerProcess server, int count, List<Socket> sockets)
            throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.address();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(address.getAddress(), address.getPort());
            sockets.add(socket);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            readUntil(socket.getInputStream(), "\r\n\r\nidle");
        }
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void idleConnectionsCostLittleAndSelectStillWorks() throws IOException {
        int count = possible();
        assertThat(count).as("descriptors a process may have").isGreaterThanOrEqualTo(LEAST);
        ServerProcess server =
                SERVERS.start(
                                Launch.app("selects:app")
                                        .args("-w", "1", "-k", "gthread", "--threads", "4")
                                        .args("--keep-alive", "300")
                                        .args(
                                                "--worker-connections",
                                                Integer.toString(MOST + OTHER_DESCRIPTORS)))
                        .awaitReady(1);
        long worker = server.workers().iterator().next();
        assertThat(server.get("/selects").text())
                .isEqualTo("asyncio works, select works, communicate works");
        List<Socket> sockets = new ArrayList<>();
        try {
            open(server, WARM, sockets);
            long before = ProcessTree.residentBytes(worker);
            open(server, count, sockets);
            assertThat(server.get("/selects").text())
                    .isEqualTo("asyncio works, select works, communicate works");
            long growth = ProcessTree.residentBytes(worker) - before;
            System.out.printf("%d idle connections, %d bytes each%n", count, growth / count);
            long unrelated = count < MOST ? YOUNG_GENERATION : 0;
            assertThat(growth).isLessThan(BYTES_OF_ONE * count + unrelated);
            for (Socket socket : sockets.subList(0, WARM)) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
                readUntil(socket.getInputStream(), "\r\n\r\nidle");
            }
        } finally {
            close(sockets);
        }
    }
}
