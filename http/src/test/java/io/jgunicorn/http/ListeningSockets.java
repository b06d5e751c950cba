package io.jgunicorn.http;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/** Listening descriptors as the master hands them over; whoever adopts one closes it. */
final class ListeningSockets {
    private static final int BACKLOG = 128;

    private ListeningSockets() {}

    /** On a free port of 127.0.0.1. */
    static int tcp() {
        return listening(
                Socket.newSocketStream(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static int unix(Path path) {
        return listening(Socket.newSocketDomain(), new DomainSocketAddress(path.toString()));
    }

    private static int listening(Socket socket, SocketAddress address) {
        try {
            socket.bind(address);
            socket.listen(BACKLOG);
            return socket.intValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
