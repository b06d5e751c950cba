package io.jgunicorn.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** What the Maven modules cannot say about who may use what. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.jgunicorn")
                    .that(
                            DescribedPredicate.not(
                                    resideInAnyPackage(
                                            "io.jgunicorn.testkit..",
                                            "io.jgunicorn.tests..",
                                            "io.jgunicorn.bench..")));

    @Test
    void supervisorKnowsAWorkerOnlyAsACommandLine() {
        check(
                resideInAPackage("io.jgunicorn.supervisor.."),
                resideInAnyPackage(
                        "io.jgunicorn.worker..",
                        "io.jgunicorn.http..",
                        "io.netty.handler.codec.http.."));
    }

    @Test
    void configurationDependsOnNothingAboveIt() {
        check(
                resideInAnyPackage(
                        "io.jgunicorn.config..",
                        "io.jgunicorn.control..",
                        "io.jgunicorn.os..",
                        "io.jgunicorn.log..",
                        "io.jgunicorn.python.."),
                resideInAnyPackage(
                        "io.jgunicorn.worker..",
                        "io.jgunicorn.http..",
                        "io.jgunicorn.supervisor..",
                        "io.netty.."));
    }

    @Test
    void nettyHttpStaysInsideHttp() {
        check(
                outside("io.jgunicorn.http.."),
                resideInAnyPackage(
                        "io.netty.handler.codec.http..",
                        "io.netty.handler.codec.http2..",
                        "io.netty.handler.codec.haproxy..",
                        "io.netty.handler.ssl.."));
    }

    @Test
    void whatTheWorkerSeesOfHttpHasNoNettyInIt() {
        check(
                named("io.jgunicorn.http.RequestHandler")
                        .or(named("io.jgunicorn.http.Exchange"))
                        .or(named("io.jgunicorn.http.RequestHead"))
                        .or(named("io.jgunicorn.http.RequestBody"))
                        .or(named("io.jgunicorn.http.ResponseHeaders")),
                resideInAPackage("io.netty.."));
    }

    @Test
    void graalIsUsedWhereInterpretersAreOwned() {
        check(
                outside("io.jgunicorn.python..", "io.jgunicorn.worker.."),
                resideInAPackage("org.graalvm.."));
    }

    @Test
    void nativeCallsAreInOnePackage() {
        check(resideOutsideOfPackage("io.jgunicorn.os"), resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void jvmSignalsAreInOneClass() {
        check(
                named("io.jgunicorn.os.JvmSignals").negate(),
                resideInAnyPackage("sun..", "jdk.internal.."));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.jgunicorn.(**)").should().beFreeOfCycles());
    }

    @Test
    void mainCodeDoesNotSleepOrPrintStackTraces() {
        check(
                noClasses()
                        .should()
                        .callMethodWhere(
                                DescribedPredicate.describe(
                                        "Thread.sleep or printStackTrace to stderr",
                                        call ->
                                                call.getTarget()
                                                                .getFullName()
                                                                .endsWith(".printStackTrace()")
                                                        || (call.getTarget()
                                                                        .getName()
                                                                        .equals("sleep")
                                                                && call.getTargetOwner()
                                                                        .isEquivalentTo(
                                                                                Thread.class)))));
    }

    @Test
    void onlyTheLogAndTheCommandLinePrint() {
        check(
                noClasses()
                        .that(outside("io.jgunicorn.log..", "io.jgunicorn.config.cli.."))
                        .and(DescribedPredicate.not(named("io.jgunicorn.supervisor.Main")))
                        .should()
                        .accessFieldWhere(
                                DescribedPredicate.describe(
                                        "System.out or System.err",
                                        access ->
                                                access.getTargetOwner().isEquivalentTo(System.class)
                                                        && (access.getTarget()
                                                                        .getName()
                                                                        .equals("out")
                                                                || access.getTarget()
                                                                        .getName()
                                                                        .equals("err")))));
    }

    /**
     * No class of the first kind depends on one of the second; there is at least one to look at.
     */
    private static void check(
            DescribedPredicate<JavaClass> who, DescribedPredicate<JavaClass> what) {
        assertThat(PRODUCT.that(who)).as("classes that %s", who.getDescription()).isNotEmpty();
        check(noClasses().that(who).should().dependOnClassesThat(what));
    }

    private static void check(ArchRule rule) {
        assertThat(PRODUCT.size()).isGreaterThan(20);
        rule.check(PRODUCT);
    }

    private static DescribedPredicate<JavaClass> outside(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }

    /** The class itself and those nested in it. */
    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(
                "are " + name,
                type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }
}
