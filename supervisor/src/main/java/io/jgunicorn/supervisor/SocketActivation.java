package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.os.Descriptors;
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
import java.util.stream.Stream;

/**
 * Listening sockets that were opened before this process began: by a service manager, which are
 * descriptors 3 and up, if {@code LISTEN_PID} is this process, as many as {@code LISTEN_FDS} says
 * (sd_listen_fds(3)); or by whoever wrote {@code fd://N} into {@code bind}. Stateless.
 *
 * <p>They are left as the socket unit made them ({@code Backlog=} counts, not our setting), but for
 * two flags: calls on them must not wait, since workers that share a socket race for each client
 * (Netty sets that flag on what it receives, but does not promise it); and programs that this
 * process executes do not get them.
 */
final class SocketActivation {
    private static final int FIRST_DESCRIPTOR = 3;
    private static final String BY_MANAGER = "passed by LISTEN_FDS";
    private static final String BY_BIND = "named in bind";

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
        return take(descriptor, BY_MANAGER, backlog);
    }

    /**
     * The one that {@code bind} names. To be asked for before this process opens sockets of its
     * own, which it must not take for a passed one.
     *
     * @param backlog for a socket that does not listen yet
     * @throws StartFailure if it is nothing that can be served
     */
    static Listener takeNamed(int descriptor, int backlog) throws StartFailure {
        return take(descriptor, BY_BIND, backlog);
    }

    private static Listener take(int descriptor, String how, int backlog) throws StartFailure {
        requireSocket(descriptor, how);
        Epoll.ensureAvailability(); // loads the native library that the socket needs
        Socket socket = new Socket(descriptor);
        try {
            int type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
            if (type != SOCK_STREAM) {
                throw refused(
                        descriptor,
                        how,
                        "is a " + typeName(type) + " socket, not a stream one (ListenStream=)");
            }
            if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
                if (address(socket, how) instanceof Tcp(_, int port) && port == 0) {
                    throw refused(
                            descriptor, how, "is a socket that neither listens nor has an address");
                }
                socket.listen(backlog);
            }
            BindAddress bound = address(socket, how);
            Descriptors.setNonBlocking(descriptor);
            Descriptors.setCloseOnExec(descriptor);
            return Listener.inherited(socket, bound, how.equals(BY_MANAGER));
        } catch (IOException e) {
            throw refused(descriptor, how, "is a socket that cannot listen: " + e.getMessage());
        }
    }

    /** What is no socket may be a file of the JVM's: it must not even be asked as one. */
    private static void requireSocket(int descriptor, String how) throws StartFailure {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        Path file;
        try {
            file = Files.readSymbolicLink(link);
        } catch (IOException _) {
            throw refused(descriptor, how, "is not open");
        }
        if (isOfThisProgram(file)) {
            throw refused(descriptor, how, "is not open"); // it was not when the JVM began
        }
        if (!file.toString().startsWith("socket:")) {
            throw refused(descriptor, how, "is " + file + ", not a socket");
        }
    }

    private static boolean isOfThisProgram(Path file) {
        return Stream.of("java.home", "jgunicorn.home")
                .map(property -> System.getProperty(property, ""))
                .anyMatch(folder -> !folder.isEmpty() && file.startsWith(folder));
    }

    private static BindAddress address(Socket socket, String how) throws IOException, StartFailure {
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
                            how,
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

    private static StartFailure refused(int descriptor, String how, String found) {
        return new StartFailure(
                1, "Error: descriptor %d, %s, %s.".formatted(descriptor, how, found));
    }
}
