package io.jgunicorn.bench;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Who may use whom inside the bench; the JMH benchmarks are apart. */
class ArchitectureTest {
    private static final JavaClasses HARNESS =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.jgunicorn.bench")
                    .that(
                            DescribedPredicate.not(
                                    resideInAnyPackage("io.jgunicorn.bench.control..")));

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.jgunicorn.bench.(*)..").should().beFreeOfCycles());
    }

    @Test
    void productIsMeasuredFromOutside() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage(
                                        "io.jgunicorn.config..",
                                        "io.jgunicorn.control..",
                                        "io.jgunicorn.http..",
                                        "io.jgunicorn.worker..")));
    }

    @Test
    void reportsOnlyReadResults() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.jgunicorn.bench.report..", "io.jgunicorn.bench.result..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.jgunicorn.bench.scenario..", "io.jgunicorn.bench.cli.."));
    }

    @Test
    void nettyIsUsedByTheBareServerAlone() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jgunicorn.bench.netty..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.netty.."));
    }

    private static void check(ArchRule rule) {
        assertThat(HARNESS.size()).isGreaterThan(20);
        rule.check(HARNESS);
    }
}
