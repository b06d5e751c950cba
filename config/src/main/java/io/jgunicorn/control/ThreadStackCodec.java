package io.jgunicorn.control;

import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.control.ThreadStack.Trace;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link ThreadStack} as part of a payload of {@link ControlCodec}. Stateless. */
final class ThreadStackCodec {
    /**
     * Longest name in a stack, in characters: {@link Trace#MOST} frames of two such names, at three
     * bytes a character, fit into {@link ControlCodec#MAX_PAYLOAD}.
     */
    private static final int MAX_NAME = 500;

    private ThreadStackCodec() {}

    static void write(ThreadStack stack, DataOutputStream out) throws IOException {
        ControlCodec.writeCut(stack.name(), MAX_NAME, out);
        ControlCodec.writeCut(stack.state(), MAX_NAME, out);
        out.writeBoolean(stack.inside().isPresent());
        if (stack.inside().isPresent()) {
            ControlCodec.writeCut(stack.inside().get().request(), ControlCodec.MAX_TEXT, out);
            out.writeDouble(stack.inside().get().seconds());
        }
        Trace trace = stack.trace();
        out.writeBoolean(trace.python());
        out.writeInt(trace.omitted());
        out.writeInt(trace.frames().size());
        for (Frame frame : trace.frames()) {
            ControlCodec.writeCut(frame.file(), MAX_NAME, out);
            out.writeInt(frame.line());
            ControlCodec.writeCut(frame.function(), MAX_NAME, out);
        }
    }

    static ThreadStack read(DataInputStream in) throws IOException {
        String name = ControlCodec.readText(in);
        String state = ControlCodec.readText(in);
        Optional<Inside> inside = Optional.empty();
        if (in.readBoolean()) {
            inside = Optional.of(new Inside(ControlCodec.readText(in), in.readDouble()));
        }
        boolean python = in.readBoolean();
        int omitted = in.readInt();
        int size = ControlCodec.readSize(in);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            frames.add(
                    new Frame(ControlCodec.readText(in), in.readInt(), ControlCodec.readText(in)));
        }
        return new ThreadStack(name, state, inside, new Trace(python, frames, omitted));
    }
}
