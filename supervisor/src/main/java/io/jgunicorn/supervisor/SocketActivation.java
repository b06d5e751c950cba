package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.os.LibC;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Listening sockets that a service manager opened before it started this process: descriptors 3 and
 * up, if {@code LISTEN_PID} is this process, as many as {@code LISTEN_FDS} says (sd_listen_fds(3)).
 * Stateless.
 *
 * <p>They are left as the socket unit made them ({@code Backlog=} counts, not our setting), but for
 * two flags: calls on them must not wait, since workers that share a socket race for each client
 * (Netty sets that flag on what it receives, but does not promise it); and programs that this
 * process executes do not get them.
 */
final class SocketActivation {
    private static final int FIRST_DESCRIPTOR = 3;

    // As in <asm-generic/socket.h>, which holds for every processor that Netty has epoll for.
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private SocketActivation() {}

    /**
     * The sockets meant for us; none if there are none, or if they are another process's.
     *
     * @param pid this process
     * @param backlog for a socket that does not listen yet
     * @throws StartFailure if one of them is nothing that can be served
     */
    static List<Listener> take(Map<String, String> environment, long pid, int backlog)
            throws StartFailure {
        List<Listener> listeners = new ArrayList<>();
        int count = count(environment, pid);
        for (int i = 0; i < count; i++) {
            listeners.add(take(FIRST_DESCRIPTOR + i, backlog));
        }
        return List.copyOf(listeners);
    }

    /** True if the service manager passed this process anything. */
    static boolean isMeantFor(Map<String, String> environment, long pid) {
        return environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid));
    }

    private static int count(Map<String, String> environment, long pid) throws StartFailure {
        if (!isMeantFor(environment, pid)) {
            return 0;
        }
        String count = environment.getOrDefault("LISTEN_FDS", "0");
        if (!count.matches("[0-9]{1,9}")) {
            throw new StartFailure(
                    1, "Error: LISTEN_FDS is '" + count + "', which is not a number of sockets.");
        }
        return Integer.parseInt(count);
    }

    /** One of them; see {@link #take(Map, long, int)}. */
    static Listener take(int descriptor, int backlog) throws StartFailure {
        requireSocket(descriptor);
        Epoll.ensureAvailability(); // loads the native library that the socket needs
        Socket socket = new Socket(descriptor);
        try {
            int type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
            if (type != SOCK_STREAM) {
                throw refused(
                        descriptor,
                        "is a " + typeName(type) + " socket, not a stream one (ListenStream=)");
            }
            if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
                socket.listen(backlog);
            }
            BindAddress bound = address(socket);
            LibC.setNonBlocking(descriptor);
            LibC.setCloseOnExec(descriptor);
            return Listener.inherited(socket, bound);
        } catch (IOException e) {
            throw refused(descriptor, "is a socket that cannot listen: " + e.getMessage());
        }
    }

    /** What is no socket may be a file of the JVM's: it must not even be asked as one. */
    private static void requireSocket(int descriptor) throws StartFailure {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        String file;
        try {
            file = Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            throw refused(descriptor, "is not open");
        }
        if (!file.startsWith("socket:")) {
            throw refused(descriptor, "is " + file + ", not a socket");
        }
    }

    private static BindAddress address(Socket socket) throws IOException, StartFailure {
        int family = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
        return switch (family) {
            case AF_INET, AF_INET6 -> {
                InetSocketAddress local = socket.localAddress();
                yield new Tcp(NetUtil.toAddressString(local.getAddress()), local.getPort());
            }
            // The name of a socket without a file begins with NUL, written as @ everywhere.
            case AF_UNIX ->
                    new UnixSocket(
                            Path.of(socket.localDomainSocketAddress().path().replace('\0', '@')));
            default ->
                    throw refused(
                            socket.intValue(),
                            "is a socket of family " + family + ", neither TCP nor Unix");
        };
    }

    private static String typeName(int type) {
        return switch (type) {
            case 2 -> "datagram";
            case 3 -> "raw";
            case 5 -> "sequential-packet";
            default -> "type " + type;
        };
    }

    private static StartFailure refused(int descriptor, String found) {
        return new StartFailure(
                1, "Error: descriptor " + descriptor + ", passed by LISTEN_FDS, " + found + ".");
    }
}
