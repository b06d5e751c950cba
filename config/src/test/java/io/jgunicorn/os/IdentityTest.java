package io.jgunicorn.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityTest {
    private static final Identity OWN = Identity.current();

    @Test
    void processHasTheUserThatOwnsIt() throws IOException {
        assertThat(OWN.isCurrent()).isTrue();
        assertThat((long) (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .isEqualTo(OWN.uid());
        assertThat(new Identity(OWN.uid() + 1, OWN.gid(), Optional.empty()).isCurrent()).isFalse();
        assertThat(new Identity(OWN.uid(), OWN.gid() + 1, Optional.empty()).isCurrent()).isFalse();
    }

    @Test
    void nothingHappensToAProcessThatIsItAlready() {
        OWN.assume();
        assertThat(Identity.current()).isEqualTo(OWN);
    }

    @Test
    void idThatTheSystemWouldTakeForAnotherIsRefused() {
        for (long id : new long[] {-1, (1L << 32) - 1, 1L << 32}) {
            assertThatThrownBy(() -> new Identity(id, 0, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Identity(0, id, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
