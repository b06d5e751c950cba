package io.jgunicorn.os;

import static io.jgunicorn.os.NativeCalls.ERRNO_LAYOUT;
import static io.jgunicorn.os.NativeCalls.check;
import static io.jgunicorn.os.NativeCalls.handle;
import static io.jgunicorn.os.NativeCalls.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Calls of the C library about sockets that Java and Netty do not offer. A failure becomes a {@link
 * NativeCallException} naming it. Safe on any thread. Numbers are those of Linux.
 */
public final class NativeSockets {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** Place of the field in {@code struct tcp_info}: after eight bytes and four numbers. */
    private static final long TCPI_UNACKED = 24;

    /** Needed where workers are scaled by the backlog only. */
    private static final class SocketOptions {
        static final MethodHandle GETSOCKOPT =
                handle(
                        "getsockopt",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /** Needed where logs or metrics go to a Unix socket only. Numbers are those of Linux. */
    private static final class UnixDatagrams {
        static final MethodHandle SOCKET =
                handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle SENDTO =
                handle(
                        "sendto",
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                                JAVA_INT));
        static final int AF_UNIX = 1;
        static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
        static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
        static final int ADDRESS_SIZE = 110; // sizeof(struct sockaddr_un)
    }

    private NativeSockets() {}

    /**
     * How many connections wait at a listening TCP socket to be accepted (tcp(7): {@code TCP_INFO},
     * {@code tcpi_unacked}). Linux only.
     */
    public static int acceptQueue(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment info = arena.allocate(TCPI_UNACKED + Integer.BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) info.byteSize());
            int result =
                    (int)
                            SocketOptions.GETSOCKOPT.invokeExact(
                                    state, fd, IPPROTO_TCP, TCP_INFO, info, length);
            check(result, state, "getsockopt(" + fd + ", TCP_INFO)");
            return info.get(JAVA_INT, TCPI_UNACKED);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** A Unix socket for datagrams, without a name of its own. */
    public static int unixDatagramSocket() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int fd =
                    (int)
                            UnixDatagrams.SOCKET.invokeExact(
                                    state,
                                    UnixDatagrams.AF_UNIX,
                                    UnixDatagrams.SOCK_DGRAM_CLOEXEC,
                                    0);
            return check(fd, state, "socket(AF_UNIX, SOCK_DGRAM)");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Sends one datagram to the Unix socket at a path; EAGAIN (11) if it cannot be taken now. */
    public static void sendTo(int descriptor, String path, byte[] datagram) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment address = arena.allocate(UnixDatagrams.ADDRESS_SIZE, Long.BYTES);
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            if (name.length > UnixDatagrams.ADDRESS_SIZE - 3) {
                throw new NativeCallException("sendto(" + path + ")", 36, "File name too long");
            }
            address.set(JAVA_SHORT, 0, (short) UnixDatagrams.AF_UNIX);
            MemorySegment.copy(MemorySegment.ofArray(name), 0, address, 2, name.length);
            MemorySegment bytes = arena.allocate(Math.max(1, datagram.length));
            MemorySegment.copy(MemorySegment.ofArray(datagram), 0, bytes, 0, datagram.length);
            long sent =
                    (long)
                            UnixDatagrams.SENDTO.invokeExact(
                                    state,
                                    descriptor,
                                    bytes,
                                    (long) datagram.length,
                                    UnixDatagrams.MSG_DONTWAIT_NOSIGNAL,
                                    address,
                                    UnixDatagrams.ADDRESS_SIZE);
            check((int) sent, state, "sendto(" + path + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
