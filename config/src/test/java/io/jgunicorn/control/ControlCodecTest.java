package io.jgunicorn.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import java.util.List;
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
    void bytesThatAreNoMessageAreRefused() {
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {99}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {2, 0}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlCodec.decode(new byte[] {65, 0}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
