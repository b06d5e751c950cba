package io.jgunicorn.os;

import static io.jgunicorn.os.NativeCalls.ERRNO_LAYOUT;
import static io.jgunicorn.os.NativeCalls.check;
import static io.jgunicorn.os.NativeCalls.errno;
import static io.jgunicorn.os.NativeCalls.handle;
import static io.jgunicorn.os.NativeCalls.rethrow;
import static io.jgunicorn.os.NativeCalls.variadicHandle;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the C library about file descriptors. Each method is one call; a failure becomes a
 * {@link NativeCallException} naming it. Safe on any thread.
 */
public final class Descriptors {
    private static final MethodHandle OPEN =
            variadicHandle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle DUP2 =
            handle("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MEMFD_CREATE =
            handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FCNTL =
            variadicHandle(
                    "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);

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

    private Descriptors() {}

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

    /** A descriptor of new memory that other processes can map too. Linux only. */
    public static int memfdCreate(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment text = arena.allocateFrom(name);
            int fd = (int) MEMFD_CREATE.invokeExact(state, text, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
            if (fd < 0 && errno(state) == EINVAL) { // before Linux 6.3
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

    /** True if a descriptor of this process is a terminal. */
    public static boolean isTerminal(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = handle("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            return (int) call.invokeExact(arena.allocate(ERRNO_LAYOUT), descriptor) == 1;
        } catch (Throwable e) {
            throw rethrow(e);
        }
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
}
