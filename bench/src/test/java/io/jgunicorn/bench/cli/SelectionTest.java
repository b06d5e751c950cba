package io.jgunicorn.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.bench.scenario.Catalogue;
import io.jgunicorn.bench.scenario.Estimate;
import io.jgunicorn.bench.scenario.Scenario;
import io.jgunicorn.bench.scenario.Timing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final List<Scenario> FULL = new Catalogue(Timing.full()).full();
    private static final List<Scenario> QUICK = new Catalogue(Timing.quick()).quick();

    @Test
    void noNameMeansEverything() {
        assertThat(new Selection(List.of(), FULL).choose(List.of())).isEqualTo(FULL);
        assertThat(new Selection(QUICK, FULL).choose(List.of())).isEqualTo(QUICK);
    }

    @Test
    void exactNameIsThatScenarioAlone() {
        assertThat(ids("hello")).containsExactly("hello");
    }

    @Test
    void beginningOfANameIsAllThatFollow() {
        assertThat(ids("boot", "flask-json"))
                .containsExactly("boot-hello", "boot-flask", "boot-django", "flask-json");
    }

    @Test
    void quickModePrefersItsOwnScenariosAndKnowsTheOthers() {
        Selection selection = new Selection(QUICK, FULL);

        assertThat(selection.choose(List.of("hello")))
                .containsExactly(QUICK.getFirst())
                .doesNotContain(FULL.getFirst());
        assertThat(selection.choose(List.of("django", "boot"))).hasSize(4);
        assertThat(selection.all()).hasSameSizeAs(FULL);
    }

    @Test
    void unknownNameChoosesNothing() {
        assertThat(ids("hello", "helo")).isEmpty();
    }

    @Test
    void namesOfScenariosAndLoadsAreUnique() {
        assertThat(FULL.stream().map(Scenario::id)).doesNotHaveDuplicates();
        for (Scenario scenario : FULL) {
            assertThat(scenario.contenders().stream().map(one -> one.name()))
                    .doesNotHaveDuplicates();
            if (scenario instanceof Scenario.Steady steady) {
                assertThat(steady.loads().stream().map(load -> load.id())).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void quickModeIsExpectedToTakeLessThanFiveMinutes() {
        assertThat(Estimate.of(QUICK, Timing.quick())).isLessThan(Duration.ofMinutes(5));
    }

    private static List<String> ids(String... names) {
        return new Selection(List.of(), FULL)
                .choose(List.of(names)).stream().map(Scenario::id).toList();
    }
}
