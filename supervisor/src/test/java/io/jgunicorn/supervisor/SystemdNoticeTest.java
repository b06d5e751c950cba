package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNoticeTest {
    @TempDir Path folder;
    private LogLines log;

    @BeforeEach
    void open() throws Exception {
        Epoll.ensureAvailability();
        log = new LogLines(folder);
    }

    @Test
    void readinessIsOneDatagram() throws Exception {
        Path path = folder.resolve("notify");
        Socket systemd = Socket.newSocketDomainDgram();
        systemd.bind(new DomainSocketAddress(path.toString()));

        SystemdNotice.ready(Map.of("NOTIFY_SOCKET", path.toString()), log.log());

        assertThat(read(systemd)).isEqualTo("READY=1\nSTATUS=jgunicorn master booted");
        systemd.close();
    }

    @Test
    void namesInTheAbstractNamespaceAreUnderstood() throws Exception {
        String name = "jgunicorn-test-" + ProcessHandle.current().pid();
        Socket systemd = Socket.newSocketDomainDgram();
        systemd.bind(new DomainSocketAddress("\0" + name));

        SystemdNotice.ready(Map.of("NOTIFY_SOCKET", "@" + name), log.log());

        assertThat(read(systemd)).startsWith("READY=1\n");
        systemd.close();
    }

    @Test
    void missingReceiverIsOnlyWorthAWarning() throws Exception {
        SystemdNotice.ready(Map.of("NOTIFY_SOCKET", folder + "/none"), log.log());

        log.await("[WARNING] NOTIFY_SOCKET " + folder + "/none cannot be told");
    }

    private static String read(Socket socket) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(200);
        byte[] text = new byte[socket.read(buffer, 0, buffer.limit())];
        buffer.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
