package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.config.ServerConfig.ProcessSettings;
import io.jgunicorn.os.GivenFile;
import io.jgunicorn.os.Identity;
import io.jgunicorn.os.LibC;
import io.jgunicorn.os.NativeSockets;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One listening socket of the master. It is Netty's native socket without a channel around it:
 * nothing in this process waits for connections, so none can be accepted here by mistake, and
 * closing it leaves the socket file to us. Used by the master's thread only.
 */
final class Listener implements AutoCloseable {
    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;
    private static final int LONGEST_SOCKET_PATH = 107; // sun_path without its final NUL

    private final BindAddress asked;
    private final BindAddress bound;
    private final Socket socket;
    private final boolean activated;
    private Optional<SocketFile> file;

    private Listener(
            BindAddress asked,
            BindAddress bound,
            Socket socket,
            boolean activated,
            Optional<SocketFile> file) {
        this.asked = asked;
        this.bound = bound;
        this.socket = socket;
        this.activated = activated;
        this.file = file;
    }

    /**
     * Binds and listens.
     *
     * @param files {@code umask} and owner of a socket file
     */
    static Listener open(BindAddress address, int backlog, ProcessSettings files)
            throws BindFailure {
        Epoll.ensureAvailability(); // loads the native library that the sockets need
        return switch (address) {
            case Tcp tcp -> openTcp(tcp, backlog);
            case UnixSocket unix -> openUnix(unix, backlog, files);
            case InheritedFd _ ->
                    throw BindFailure.hopeless(
                            address, address + " can be taken at the start only");
        };
    }

    /**
     * A socket that listened already when this process began; whoever made it removes its file.
     *
     * @param bound where it listens
     * @param activated a service manager passed it (see {@link #activated})
     */
    static Listener inherited(Socket socket, BindAddress bound, boolean activated) {
        InheritedFd asked = new InheritedFd(socket.intValue());
        return new Listener(asked, bound, socket, activated, Optional.empty());
    }

    /** The same as the master before this one knew it. */
    Listener knownAs(BindAddress address, boolean fromManager) {
        return new Listener(address, bound, socket, fromManager, file);
    }

    /** A service manager passed it, to be served whatever the configuration says. */
    boolean activated() {
        return activated;
    }

    /** From now on the file of the socket is ours, if it has one. */
    void adoptFile() throws IOException {
        if (bound instanceof UnixSocket(Path path) && Files.exists(path)) {
            file = Optional.of(SocketFile.at(path));
        }
    }

    /** Gives the file of the socket to whom workers run as now, if it is ours to give. */
    void own(Identity workers) throws IOException {
        if (file.isPresent() && file.get().isThere()) {
            GivenFile.socket(file.get().path(), workers);
        }
    }

    /** From now on the file of the socket is another's. */
    void leaveFile() {
        file = Optional.empty();
    }

    /** What the configuration asked for. */
    BindAddress asked() {
        return asked;
    }

    /** Where it really listens, with the port the system chose. */
    BindAddress bound() {
        return bound;
    }

    FileDescriptor descriptor() {
        return socket;
    }

    /** How many TCP connections wait to be accepted; 0 for what the kernel does not tell. */
    int waiting() {
        return bound instanceof Tcp ? NativeSockets.acceptQueue(socket.intValue()) : 0;
    }

    /** Closes the socket and removes its file if it is still ours. */
    @Override
    public void close() throws IOException {
        try {
            socket.close();
        } finally {
            if (file.isPresent()) {
                file.get().delete();
            }
        }
    }

    private static Listener openTcp(Tcp tcp, int backlog) throws BindFailure {
        InetSocketAddress address = new InetSocketAddress(resolve(tcp), tcp.port());
        TcpSocket socket = new TcpSocket(address.getAddress() instanceof Inet6Address);
        try {
            socket.setReuseAddress(true);
            socket.setTcpNoDelay(true);
            socket.bind(address);
            socket.listen(backlog);
            InetSocketAddress local = socket.localAddress();
            boolean literal = tcp.host().indexOf(':') >= 0;
            String host = literal ? tcp.host() : local.getAddress().getHostAddress();
            Tcp bound = new Tcp(host, local.getPort());
            return new Listener(tcp, bound, socket, false, Optional.empty());
        } catch (IOException e) {
            throw closed(socket, failure(tcp, e));
        }
    }

    private static Listener openUnix(UnixSocket unix, int backlog, ProcessSettings files)
            throws BindFailure {
        Path path = unix.path();
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            throw BindFailure.hopeless(unix, "'" + path + "' is too long for a socket path");
        }
        removeStale(unix);
        Socket socket = Socket.newSocketDomain();
        int before = LibC.umask(files.umask());
        try {
            socket.bind(new DomainSocketAddress(path.toString()));
            SocketFile file = SocketFile.at(path);
            if (!files.workers().isCurrent()) {
                own(files.workers(), file);
            }
            socket.listen(backlog);
            return new Listener(unix, unix, socket, false, Optional.of(file));
        } catch (IOException e) {
            throw closed(socket, failure(unix, e));
        } finally {
            LibC.umask(before);
        }
    }

    private static void own(Identity workers, SocketFile file) throws IOException {
        try {
            GivenFile.socket(file.path(), workers);
        } catch (IOException e) {
            file.delete();
            throw e;
        }
    }

    private static void removeStale(UnixSocket unix) throws BindFailure {
        Path path = unix.path();
        try {
            if (!Files.exists(path)) {
                return;
            }
            int mode = (int) Files.getAttribute(path, "unix:mode");
            if ((mode & S_IFMT) != S_IFSOCK) {
                throw BindFailure.hopeless(unix, "'" + path + "' is not a socket");
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure(unix, e);
        }
    }

    /** Names mean IPv4 where they can, as in gunicorn; only an IPv6 literal means IPv6. */
    static InetAddress resolve(Tcp tcp) throws BindFailure {
        try {
            InetAddress[] all =
                    InetAddress.getAllByName(tcp.host().isEmpty() ? "0.0.0.0" : tcp.host());
            for (InetAddress address : all) {
                if (address instanceof Inet4Address) {
                    return address;
                }
            }
            return all[0];
        } catch (UnknownHostException _) {
            throw BindFailure.refused(tcp, -2, "Name or service not known");
        }
    }

    private static BindFailure failure(BindAddress address, IOException failure) {
        if (failure instanceof NativeIoException system) {
            // "bind(..) failed with error(-98): Address already in use"
            String text = system.getMessage();
            String reason = text.substring(text.lastIndexOf("): ") + 1).replaceFirst("^: ", "");
            return BindFailure.refused(address, -system.expectedErr(), reason);
        }
        return BindFailure.hopeless(address, failure.toString());
    }

    private static BindFailure closed(Socket socket, BindFailure failure) {
        try {
            socket.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** A stream socket of the family the address needs, not of the one the JVM prefers. */
    private static final class TcpSocket extends Socket {
        TcpSocket(boolean ipv6) {
            super(newSocketStream0(ipv6));
        }
    }

    /**
     * A socket file, known by device and inode: a successor's file of the same name is not ours.
     */
    private record SocketFile(Path path, Map<String, Object> identity) {
        private static final String IDENTITY = "unix:dev,ino";

        static SocketFile at(Path path) throws IOException {
            return new SocketFile(path, Files.readAttributes(path, IDENTITY));
        }

        boolean isThere() throws IOException {
            return Files.exists(path) && Files.readAttributes(path, IDENTITY).equals(identity);
        }

        void delete() throws IOException {
            if (isThere()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
