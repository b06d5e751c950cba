package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.os.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Inbox inbox = new Inbox();

    @Test
    void emptyInboxGivesATick() throws Exception {
        assertThat(inbox.next(Duration.ZERO)).isEqualTo(new Event.Tick());
    }

    @Test
    void signalThatStopsEndsAWaitAtOnceAndOtherEventsStayInOrder() throws Exception {
        Event hup = new Event.SignalReceived(Signal.HUP);
        Event usr1 = new Event.SignalReceived(Signal.USR1);
        inbox.post(hup);
        inbox.post(usr1);
        inbox.post(new Event.SignalReceived(Signal.TERM));

        assertThat(inbox.stopWithin(Duration.ofHours(1))).contains(Signal.TERM);
        assertThat(inbox.next(Duration.ZERO)).isEqualTo(hup);
        assertThat(inbox.next(Duration.ZERO)).isEqualTo(usr1);
    }

    @Test
    void waitWithoutASignalEndsByItself() throws Exception {
        assertThat(inbox.stopWithin(Duration.ofMillis(1))).isEmpty();
    }
}
