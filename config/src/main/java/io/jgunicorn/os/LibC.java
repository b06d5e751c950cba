package io.jgunicorn.os;

import static io.jgunicorn.os.NativeCalls.ERRNO_LAYOUT;
import static io.jgunicorn.os.NativeCalls.call;
import static io.jgunicorn.os.NativeCalls.check;
import static io.jgunicorn.os.NativeCalls.errno;
import static io.jgunicorn.os.NativeCalls.failure;
import static io.jgunicorn.os.NativeCalls.handle;
import static io.jgunicorn.os.NativeCalls.rethrow;
import static io.jgunicorn.os.NativeCalls.variadicHandle;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Calls of the C library about processes: signals, users and groups, children. Each method is one
 * call; a failure becomes a {@link NativeCallException} naming it. Safe on any thread. Linux and
 * other Unix systems; {@code signalfd} is Linux only.
 */
public final class LibC {
    private static final MethodHandle KILL =
            handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UMASK =
            handle("umask", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETEGID = handle("getegid", FunctionDescriptor.of(JAVA_INT));

    private static final int PR_SET_DUMPABLE = 4;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;

    /** Needed by process 1 only: it is not looked up before. */
    private static final class Waiting {
        static final MethodHandle WAITID =
                handle(
                        "waitid",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private LibC() {}

    /** Sends a signal to a process; false if there is no such process. */
    public static boolean kill(long pid, Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result = (int) KILL.invokeExact(state, Math.toIntExact(pid), signal.number());
            if (result == 0) {
                return true;
            }
            int errno = errno(state);
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
                int errno = errno(state);
                if (errno != 4) { // EINTR
                    throw failure("read(signalfd " + signalfd + ")", errno);
                }
            }
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
}
