package io.jgunicorn.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The only class that calls C functions. Each method is one call; a failure becomes a {@link
 * NativeCallException} naming it. Safe on any thread. Linux and other Unix systems; {@code
 * signalfd} is Linux only.
 */
public final class LibC {
    private static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle KILL =
            handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UMASK =
            handle("umask", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle DUP2 =
            handle("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle OPEN =
            variadicHandle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle MEMFD_CREATE =
            handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FCNTL =
            variadicHandle(
                    "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETEGID = handle("getegid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle STRERROR =
            handle("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 04000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int EINVAL = 22;
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_APPEND = 02000;
    private static final int O_NONBLOCK_NOCTTY = O_NONBLOCK | 0400;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;

    /** Arm has a number of its own for it. */
    private static final int O_NOFOLLOW =
            System.getProperty("os.arch").equals("aarch64") ? 0100000 : 0400000;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE_NLINK_INO = 1 | 4 | 0x100;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** Place of the field in {@code struct tcp_info}: after eight bytes and four numbers. */
    private static final long TCPI_UNACKED = 24;

    /** Needed by process 1 only: it is not looked up before. */
    private static final class Waiting {
        static final MethodHandle WAITID =
                handle(
                        "waitid",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /** Needed where workers are scaled by the backlog only. */
    private static final class SocketOptions {
        static final MethodHandle GETSOCKOPT =
                handle(
                        "getsockopt",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /** Needed where files are given to another user only. Linux only. */
    private static final class Owners {
        static final MethodHandle FCHOWNAT =
                handle(
                        "fchownat",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle STATX =
                handle(
                        "statx",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    }

    private LibC() {}

    /**
     * A descriptor of a file to append to, made if it is missing; fails with ELOOP (40) at a
     * symbolic link, and with ENXIO (6) at a FIFO that nobody reads.
     */
    static int openToAppend(String path) {
        return open(
                path,
                O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK_NOCTTY,
                0666);
    }

    /** A descriptor that only stands for a file of any kind, a symbolic link too (O_PATH). */
    static int openAsPath(String path) {
        return open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
    }

    private static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, mode);
            return check(fd, state, "open(" + path + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * What a descriptor stands for.
     *
     * @param mode type and permissions, as in inode(7)
     * @param links how many names it has
     */
    record FileState(int mode, long inode, int links) {}

    /** Asks the file behind a descriptor, one of {@link #openAsPath} too (statx(2)). */
    static FileState stateOf(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment found = arena.allocate(256, Long.BYTES); // sizeof(struct statx)
            int result =
                    (int)
                            Owners.STATX.invokeExact(
                                    state,
                                    descriptor,
                                    arena.allocateFrom(""),
                                    AT_EMPTY_PATH,
                                    STATX_TYPE_NLINK_INO,
                                    found);
            check(result, state, "statx(" + descriptor + ")");
            return new FileState(
                    Short.toUnsignedInt(found.get(JAVA_SHORT, 28)),
                    found.get(JAVA_LONG, 32),
                    found.get(JAVA_INT, 16));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Gives the file behind a descriptor, one of {@link #openAsPath} too (fchownat(2)). */
    static void chown(int descriptor, long uid, long gid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result =
                    (int)
                            Owners.FCHOWNAT.invokeExact(
                                    state,
                                    descriptor,
                                    arena.allocateFrom(""),
                                    (int) uid,
                                    (int) gid,
                                    AT_EMPTY_PATH);
            check(result, state, "chown(" + uid + ":" + gid + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

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

    /** Sends a signal to a process; false if there is no such process. */
    public static boolean kill(long pid, Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result = (int) KILL.invokeExact(state, Math.toIntExact(pid), signal.number());
            if (result == 0) {
                return true;
            }
            int errno = (int) ERRNO.get(state, 0L);
            if (errno == 3) { // ESRCH
                return false;
            }
            throw failure("kill(" + pid + ", " + signal + ")", errno);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Writes over memory of this process; the caller knows that it is there and whose it is. */
    @SuppressWarnings("restricted")
    static void overwrite(long address, byte[] bytes) {
        MemorySegment.ofAddress(address)
                .reinterpret(bytes.length)
                .copyFrom(MemorySegment.ofArray(bytes));
    }

    /** Sets the file mode creation mask and returns the one before. */
    public static int umask(int mask) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) UMASK.invokeExact(arena.allocate(ERRNO_LAYOUT), mask);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** A descriptor of new memory that other processes can map too. Linux only. */
    public static int memfdCreate(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment text = arena.allocateFrom(name);
            int fd = (int) MEMFD_CREATE.invokeExact(state, text, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
            if (fd < 0 && (int) ERRNO.get(state, 0L) == EINVAL) { // before Linux 6.3
                fd = (int) MEMFD_CREATE.invokeExact(state, text, MFD_CLOEXEC);
            }
            return check(fd, state, "memfd_create(" + name + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * A second descriptor of the same file with a number of at least {@code least}; -1 if there can
     * be none: the limit of this process, or no such descriptor. It is closed when the process
     * executes another program.
     */
    public static int duplicateAbove(int descriptor, int least) {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    FCNTL.invokeExact(
                            arena.allocate(ERRNO_LAYOUT), descriptor, F_DUPFD_CLOEXEC, least);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Makes a descriptor, and all others of the same open file, fail with EAGAIN where they would
     * wait.
     */
    public static void setNonBlocking(int descriptor) {
        int flags = fcntl(descriptor, F_GETFL, 0, "F_GETFL");
        int _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK, "F_SETFL");
    }

    /** Has a descriptor closed when this process executes another program. */
    public static void setCloseOnExec(int descriptor) {
        int _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC, "F_SETFD");
    }

    private static int fcntl(int descriptor, int command, int argument, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result = (int) FCNTL.invokeExact(state, descriptor, command, argument);
            return check(result, state, "fcntl(" + descriptor + ", " + name + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            check((int) CLOSE.invokeExact(state, descriptor), state, "close(" + descriptor + ")");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** The effective user id of this process. */
    public static int geteuid() {
        try (Arena arena = Arena.ofConfined()) {
            return (int) GETEUID.invokeExact(arena.allocate(ERRNO_LAYOUT));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** The effective group id of this process. */
    public static int getegid() {
        try (Arena arena = Arena.ofConfined()) {
            return (int) GETEGID.invokeExact(arena.allocate(ERRNO_LAYOUT));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Makes one group the only further one of this process (setgroups(2)). */
    public static void setgroups(long gid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocateFrom(JAVA_INT, (int) gid);
            call(
                    handle("setgroups", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS)),
                    "setgroups(" + gid + ")",
                    1L,
                    groups);
        }
    }

    /** Makes the groups of a user, and one more, the further ones of this process. */
    public static void initgroups(String user, long gid) {
        try (Arena arena = Arena.ofConfined()) {
            call(
                    handle("initgroups", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                    "initgroups(" + user + ", " + gid + ")",
                    arena.allocateFrom(user),
                    (int) gid);
        }
    }

    /** Sets the group of this process, all threads included. */
    public static void setgid(long gid) {
        call(
                handle("setgid", FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                "setgid(" + gid + ")",
                (int) gid);
    }

    /** Sets the user of this process, all threads included. */
    public static void setuid(long uid) {
        call(
                handle("setuid", FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                "setuid(" + uid + ")",
                (int) uid);
    }

    /**
     * Gives this process its own {@code /proc/self} back, which the kernel takes away from one that
     * changed its user (PR_SET_DUMPABLE in prctl(2)). Linux only.
     */
    public static void allowOwnProc() {
        call(
                variadicHandle("prctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), 1),
                "prctl(PR_SET_DUMPABLE)",
                PR_SET_DUMPABLE,
                1L);
    }

    /**
     * Makes descriptors 1 and 2 of this process append to a file (gunicorn: {@code
     * capture_output}).
     */
    public static void redirectOutput(String path) {
        redirect(path, 1, 2);
    }

    /** Makes descriptor 2 of this process append to a file. */
    public static void redirectErrors(String path) {
        redirect(path, 2);
    }

    private static void redirect(String path, int... descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
            for (int descriptor : descriptors) {
                int result = (int) DUP2.invokeExact(state, fd, descriptor);
                check(result, state, "dup2(" + fd + ", " + descriptor + ")");
            }
            int _ = (int) CLOSE.invokeExact(state, fd);
        } catch (Throwable e) {
            throw rethrow(e);
        }
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

    /** True if a descriptor of this process is a terminal. */
    public static boolean isTerminal(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = handle("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            return (int) call.invokeExact(arena.allocate(ERRNO_LAYOUT), descriptor) == 1;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Makes this process the leader of a new session, which has no terminal (setsid(2)). */
    public static void setsid() {
        call(handle("setsid", FunctionDescriptor.of(JAVA_INT)), "setsid()");
    }

    /**
     * A descriptor from which pending signals of the set can be read; they must be blocked in every
     * thread (signalfd(2)).
     */
    public static int signalfd(Set<Signal> signals) {
        // Looked up here: other systems than Linux have no such function.
        MethodHandle call =
                handle("signalfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment set = arena.allocate(128, 8); // sizeof(sigset_t)
            long mask = 0;
            for (Signal signal : signals) {
                mask |= 1L << (signal.number() - 1);
            }
            set.set(JAVA_LONG, 0, mask);
            return check(
                    (int) call.invokeExact(state, -1, set, 02000000),
                    state,
                    "signalfd(" + signals + ")"); // SFD_CLOEXEC
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Waits for the next signal on a descriptor of {@link #signalfd} and returns its number. */
    public static int readSignal(int signalfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment info = arena.allocate(128, 8); // sizeof(struct signalfd_siginfo)
            while (true) {
                long size = (long) READ.invokeExact(state, signalfd, info, info.byteSize());
                if (size == info.byteSize()) {
                    return info.get(JAVA_INT, 0);
                }
                int errno = (int) ERRNO.get(state, 0L);
                if (errno != 4) { // EINTR
                    throw failure("read(signalfd " + signalfd + ")", errno);
                }
            }
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** For what is called once in the life of a process. */
    private static void call(MethodHandle function, String shown, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.addFirst(state);
            check((int) function.invokeWithArguments(all), state, shown);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** A child that has ended and has not been waited for; it stays so. Never waits. */
    public static OptionalLong endedChild() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment info = arena.allocate(128, 8); // sizeof(siginfo_t)
            int result =
                    (int)
                            Waiting.WAITID.invokeExact(
                                    state, P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT);
            int pid = info.get(JAVA_INT, 16); // si_pid; 0 if none has ended
            return result < 0 || pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Waits for a child that has ended: the kernel forgets it. */
    public static void reap(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment info = arena.allocate(128, 8);
            int _ =
                    (int)
                            Waiting.WAITID.invokeExact(
                                    state, P_PID, (int) pid, info, WEXITED | WNOHANG);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static int check(int result, MemorySegment state, String call) {
        if (result < 0) {
            throw failure(call, (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static NativeCallException failure(String call, int errno) {
        return new NativeCallException(call, errno, reason(errno));
    }

    @SuppressWarnings("restricted") // the text strerror points to has no known length
    private static String reason(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text =
                    (MemorySegment) STRERROR.invokeExact(arena.allocate(ERRNO_LAYOUT), errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** Of a function whose arguments from that one on are variadic, counted from 0. */
    @SuppressWarnings("restricted")
    private static MethodHandle variadicHandle(
            String name, FunctionDescriptor descriptor, int firstVariadic) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    private static RuntimeException rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            return exception;
        }
        return new IllegalStateException(
                failure); // method handles declare Throwable and throw nothing else
    }
}
