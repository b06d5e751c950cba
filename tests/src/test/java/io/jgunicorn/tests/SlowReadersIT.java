package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that ask for much and take nothing for a while, more of them than memory is good for. */
@Tag("product")
class SlowReadersIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final int BLOCK = 64 * 1024;

    /**
     * A response that waits as one buffer, and one that is fed to its connection piece by piece.
     */
    @ParameterizedTest
    @CsvSource({"3, 1200", "16, 300"})
    void responsesWaitOnDiskWhenMemoryIsShort(int blocks, int clients) throws Exception {
        ServerProcess server =
                SERVERS.start(
                                Launch.app("big_bodies:app")
                                        .args("-k", "gthread", "--worker-connections", "2000")
                                        .args("--worker-memory", "128M", "--write-timeout", "0"))
                        .awaitReady(1);
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                readers.add(ask(server, blocks));
            }
            // Its turn comes when all of them have been answered.
            try (RawHttp other = server.connect()) {
                assertThat(other.get("/").body()).isEqualTo("ready");
            }
            for (Socket reader : readers) {
                assertWhole(reader, blocks);
            }
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
        assertThat(server.log().matching(0, "MemoryError|OutOfMemory")).isEmpty();
    }

    private static Socket ask(ServerProcess server, int blocks) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        InetSocketAddress address = (InetSocketAddress) server.address();
        socket.connect(new InetSocketAddress(address.getAddress(), address.getPort()));
        socket.getOutputStream()
                .write(
                        ("GET /whole?" + blocks + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(US_ASCII));
        return socket;
    }

    private static void assertWhole(Socket reader, int blocks) throws Exception {
        DataInputStream in = new DataInputStream(reader.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < blocks; i++) {
            in.readFully(block);
            hash.update(block);
        }
        byte[] told = new byte[hash.getDigestLength()];
        in.readFully(told);
        assertThat(told).isEqualTo(hash.digest());
    }
}
