package io.jgunicorn.tests;

import static io.jgunicorn.testkit.ServerProcess.PATIENCE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies larger than the memory a worker may take, from and to a quick client and a slow one:
 * {@code -Dbig.megabytes=2048 -Dslow.megabytes=2048 -Dit.test=BigBodyIT} for the large ones.
 */
class BigBodyIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final int BLOCK = 64 * 1024;
    private static final int BLOCKS_OF_A_MEGABYTE = 16;
    private static final int BIG = Integer.getInteger("big.megabytes", 256);
    private static final int SLOW = Integer.getInteger("slow.megabytes", 12);

    /** Enough for the JVM to have touched its young generation. */
    private static final int WARM = 128;

    private static final long MOST_GROWTH = 64L << 20;

    /** One client of a worker, at so many megabytes a second. */
    private static final class Client {
        private final ServerProcess server;
        private final long worker;
        private final int rate;
        private long most;

        Client(ServerProcess server, int rate) {
            this.server = server;
            this.worker = server.workers().iterator().next();
            this.rate = rate;
        }

        private Socket connect() throws IOException {
            InetSocketAddress address = (InetSocketAddress) server.address();
            Socket socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return socket;
        }

        /** Waits until so many blocks are due, and looks at the worker's memory now and then. */
        private void pace(int blocks, long start) {
            if (blocks % BLOCKS_OF_A_MEGABYTE != 0) {
                return;
            }
            most = Math.max(most, ProcessTree.residentBytes(worker));
            long due = start + TimeUnit.SECONDS.toNanos(blocks / BLOCKS_OF_A_MEGABYTE) / rate;
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }

        void upload(int megabytes) throws Exception {
            byte[] block = new byte[BLOCK];
            Random random = new Random(megabytes);
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            try (Socket socket = connect()) {
                OutputStream out = socket.getOutputStream();
                String head =
                        "POST /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                                + ((long) megabytes << 20)
                                + "\r\n\r\n";
                out.write(head.getBytes(US_ASCII));
                long start = System.nanoTime();
                for (int sent = 0; sent < megabytes * BLOCKS_OF_A_MEGABYTE; sent++) {
                    random.nextBytes(block);
                    hash.update(block);
                    out.write(block);
                    pace(sent + 1, start);
                }
                String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                assertThat(answer)
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\n" + HexFormat.of().formatHex(hash.digest()));
            }
        }

        /** HTTP/1.0, so that the body comes without chunks. */
        void download(int megabytes) throws Exception {
            int blocks = megabytes * BLOCKS_OF_A_MEGABYTE;
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(("GET /down?" + blocks + " HTTP/1.0\r\n\r\n").getBytes(US_ASCII));
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                assertThat(head(in)).startsWith("HTTP/1.0 200 OK\r\n");
                byte[] block = new byte[BLOCK];
                long start = System.nanoTime();
                for (int received = 0; received < blocks; received++) {
                    in.readFully(block);
                    hash.update(block);
                    pace(received + 1, start);
                }
                assertThat(in.readAllBytes()).isEqualTo(hash.digest());
            }
        }

        private static String head(DataInputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString();
        }
    }

    @ParameterizedTest
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    @CsvSource({"quick, 100000", "slow, 1"})
    void everyByteArrivesAndTheWorkerDoesNotGrow(String client, int rate) throws Exception {
        int megabytes = client.equals("slow") ? SLOW : BIG;
        ServerProcess server =
                SERVERS.start(Launch.app("big_bodies:app").args("-w", "1", "-t", "0"))
                        .awaitReady(1);
        Client warm = new Client(server, Integer.MAX_VALUE);
        warm.upload(WARM);
        warm.download(WARM);
        long before = ProcessTree.residentBytes(server.workers().iterator().next());

        Client big = new Client(server, rate);
        big.upload(megabytes);
        big.download(megabytes);

        System.out.printf(
                "%s client, %d MB up and down: worker %d MB before, at most %d MB%n",
                client, megabytes, before >> 20, big.most >> 20);
        assertThat(big.most - before).isLessThan(MOST_GROWTH);
    }
}
