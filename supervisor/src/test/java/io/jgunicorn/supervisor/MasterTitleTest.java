package io.jgunicorn.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterTitleTest {
    private final List<String> shown = new ArrayList<>();
    private final MasterTitle title = new MasterTitle(shown::add);

    @Test
    void namesTheServerAsGunicornDoes() {
        title.follow(TestConfig.serving("ok").configuration().server().process());

        assertThat(shown).containsExactly("gunicorn: master [test]");
    }

    @Test
    void tellsTheNewMasterFromTheOldOneUntilItIsAlone() {
        title.beProvisional();
        title.follow(TestConfig.serving("ok").configuration().server().process());
        title.promote();

        assertThat(shown).containsExactly("gunicorn: master [test.2]", "gunicorn: master [test]");
    }
}
