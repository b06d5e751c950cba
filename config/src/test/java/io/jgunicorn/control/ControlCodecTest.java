package io.jgunicorn.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.StackTold;
import io.jgunicorn.control.ThreadStack.Frame;
import io.jgunicorn.control.ThreadStack.Inside;
import io.jgunicorn.control.ThreadStack.Trace;
import io.jgunicorn.log.LogLevel;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    static List<ControlMessage> messages() {
        return List.of(
                new ControlMessage.Serve(),
                new ControlMessage.Drain(),
                new ControlMessage.Quit(),
                new ControlMessage.ReopenLogs(),
                new ControlMessage.LoadApp(),
                new ControlMessage.SetLogLevel(LogLevel.WARNING),
                new ControlMessage.TellStacks(1L << 40),
                new StackTold(
                        7,
                        new ThreadStack(
                                "python-2",
                                "RUNNABLE",
                                Optional.of(new Inside("GET /\u00e9", 2.5)),
                                new Trace(true, List.of(new Frame("/app.py", 3, "slow")), 4))),
                new StackTold(
                        7,
                        new ThreadStack(
                                "a", "NEW", Optional.empty(), new Trace(false, List.of(), 0))),
                new ControlMessage.StacksTold(7),
                new ControlMessage.ListenersReceived(),
                new ControlMessage.Ready("GraalVM CE"),
                new ControlMessage.Heartbeat(
                        1L << 40, 2, 3, new ControlMessage.Load(0.5, 1.25, 1L << 33)),
                new ControlMessage.ReplaceMe("max_requests"),
                new ControlMessage.RecentRequests(List.of("GET /\u00e9 HTTP/1.1\r\n\r\n")),
                new RequestTimedOut("GET /\u00e9", 1.5),
                new BootFailed(3, "no module named 'x'"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messageComesBackAsItWas(ControlMessage message) {
        assertThat(ControlCodec.decode(ControlCodec.encode(message))).isEqualTo(message);
    }

    @Test
    void longTextIsCutSoThatTheLinkHolds() {
        String traceback = "\u20ac".repeat(2_000_000);
        byte[] payload = ControlCodec.encode(new BootFailed(3, traceback));
        assertThat(payload).hasSizeLessThan(ControlCodec.MAX_PAYLOAD);
        BootFailed received = (BootFailed) ControlCodec.decode(payload);
        assertThat(received.reason())
                .isEqualTo("\u20ac".repeat(65536) + "\n... (1934464 characters cut)");
    }

    @Test
    void textIsNotCutInsideACharacter() {
        String text = "x".repeat(65535) + "\ud83d\ude00";
        BootFailed received =
                (BootFailed) ControlCodec.decode(ControlCodec.encode(new BootFailed(3, text)));
        assertThat(received.reason()).isEqualTo("x".repeat(65535) + "\n... (2 characters cut)");
    }

    @Test
    void stackOfEndlessRecursionFitsIntoAMessage() {
        Frame frame = new Frame("\u20ac".repeat(4_000), 1, "\u20ac".repeat(4_000));
        Trace trace = Trace.of(true, Collections.nCopies(10_000, frame));
        Inside inside = new Inside("\u20ac".repeat(100_000), 1);

        byte[] payload =
                ControlCodec.encode(
                        new StackTold(1, new ThreadStack("n", "s", Optional.of(inside), trace)));

        assertThat(payload).hasSizeLessThan(ControlCodec.MAX_PAYLOAD);
        StackTold received = (StackTold) ControlCodec.decode(payload);
        assertThat(received.stack().trace().frames()).hasSize(200);
        assertThat(received.stack().trace().omitted()).isEqualTo(9_800);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {99}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {2, 0}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {65, 0}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
