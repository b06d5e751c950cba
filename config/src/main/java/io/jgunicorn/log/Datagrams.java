package io.jgunicorn.log;

import io.jgunicorn.os.Descriptors;
import io.jgunicorn.os.NativeCallException;
import io.jgunicorn.os.NativeSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Sends datagrams to one address, never waiting: what the system cannot take now is lost. Safe on
 * any thread.
 */
abstract sealed class Datagrams implements AutoCloseable {
    private static final int EAGAIN = 11;

    /**
     * @throws IOException if the receiver is known to be absent, or the address cannot be used
     */
    abstract void send(byte[] datagram) throws IOException;

    @Override
    public abstract void close();

    /**
     * @throws IOException if the name is not known, or there is no way to it
     */
    static Datagrams udp(String host, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + host);
        }
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        return new Udp(channel, address);
    }

    /** To a Unix socket; it need not exist yet. */
    static Datagrams unix(String path) throws IOException {
        try {
            return new Unix(NativeSockets.unixDatagramSocket(), path);
        } catch (NativeCallException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final class Udp extends Datagrams {
        private final DatagramChannel channel;
        private final InetSocketAddress address;

        Udp(DatagramChannel channel, InetSocketAddress address) {
            this.channel = channel;
            this.address = address;
        }

        @Override
        void send(byte[] datagram) throws IOException {
            int _ = channel.send(ByteBuffer.wrap(datagram), address);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException _) {
                return; // nothing was promised to arrive
            }
        }
    }

    private static final class Unix extends Datagrams {
        private final int descriptor;
        private final String path;
        private boolean closed;

        Unix(int descriptor, String path) {
            this.descriptor = descriptor;
            this.path = path;
        }

        @Override
        synchronized void send(byte[] datagram) throws IOException {
            if (closed) {
                return;
            }
            try {
                NativeSockets.sendTo(descriptor, path, datagram);
            } catch (NativeCallException e) {
                if (e.errno() != EAGAIN) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                Descriptors.close(descriptor);
            }
        }
    }
}
