package io.jgunicorn.supervisor;

import io.jgunicorn.log.ErrorLog;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Tells systemd (or whoever set {@code NOTIFY_SOCKET}) that the server is up. Stateless. */
final class SystemdNotice {
    private static final String READY = "READY=1\nSTATUS=jgunicorn master booted";

    private SystemdNotice() {}

    /** One datagram; without {@code NOTIFY_SOCKET} nothing happens. */
    static void ready(Map<String, String> environment, ErrorLog log) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return;
        }
        Epoll.ensureAvailability(); // loads the native library that the socket needs
        String path = address.startsWith("@") ? "\0" + address.substring(1) : address;
        byte[] bytes = READY.getBytes(StandardCharsets.UTF_8);
        ByteBuffer text = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Socket socket = Socket.newSocketDomainDgram();
        try {
            socket.sendToDomainSocket(text, 0, bytes.length, path.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.warning("NOTIFY_SOCKET " + address + " cannot be told: " + e.getMessage());
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            return; // nothing was lost
        }
    }
}
