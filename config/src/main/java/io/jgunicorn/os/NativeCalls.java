package io.jgunicorn.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * How functions of the C library are found and called, and what becomes of {@code errno}: a failure
 * is a {@link NativeCallException} that names the call. Safe on any thread.
 */
final class NativeCalls {
    /** First argument of each call: takes {@code errno}. */
    static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO =
            ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle STRERROR =
            handle("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private NativeCalls() {}

    /** What the last call has left. */
    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** For what is called once in the life of a process. */
    static void call(MethodHandle function, String shown, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.addFirst(state);
            check((int) function.invokeWithArguments(all), state, shown);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** The result, unless it tells a failure. */
    static int check(int result, MemorySegment state, String call) {
        if (result < 0) {
            throw failure(call, errno(state));
        }
        return result;
    }

    static NativeCallException failure(String call, int errno) {
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

    /** A function of the C library. */
    @SuppressWarnings("restricted")
    static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** Of a function whose arguments from that one on are variadic, counted from 0. */
    @SuppressWarnings("restricted")
    static MethodHandle variadicHandle(
            String name, FunctionDescriptor descriptor, int firstVariadic) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** What to throw for what a method handle threw. */
    static RuntimeException rethrow(Throwable failure) {
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
