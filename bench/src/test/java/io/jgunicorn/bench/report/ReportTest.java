package io.jgunicorn.bench.report;

import static io.jgunicorn.bench.Samples.boot;
import static io.jgunicorn.bench.Samples.boots;
import static io.jgunicorn.bench.Samples.curve;
import static io.jgunicorn.bench.Samples.curves;
import static io.jgunicorn.bench.Samples.loads;
import static io.jgunicorn.bench.Samples.row;
import static io.jgunicorn.bench.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.bench.Samples;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.BootRow;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
    private static final BenchRun RUN =
            Samples.run(
                    loads(
                            "hello",
                            table(
                                    "keep-alive-16",
                                    row("jgunicorn -w 1", 500, 300, 700),
                                    row("gunicorn gthread 2x4", Samples.TWO_TIMEOUTS, 100, 90, 110),
                                    row("uWSGI 2", 200, 210, 190))),
                    boots("boot-hello", boot("jgunicorn -w 1", BootRow.Start.SECOND, 2, 3, 2.4)),
                    curves("warmup-hello", curve("jgunicorn -w 1", 10, 50, 90, 120, 3)));

    @Test
    void pageNeedsNothingFromElsewhere() {
        String page = HtmlReport.write(RUN);

        assertThat(page).startsWith("<!doctype html>").doesNotContain("{{");
        assertThat(page).doesNotContain("<script").doesNotContain("href=").doesNotContain("src=");
    }

    @Test
    void picturesAreWellFormedAndHaveNoImpossibleNumbers() throws Exception {
        String page = HtmlReport.write(RUN);
        Matcher picture = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
        int pictures = 0;
        while (picture.find()) {
            pictures++;
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(picture.group())));
        }

        assertThat(pictures).isEqualTo(6);
        assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void pageSaysWhereTheFiguresComeFrom() {
        assertThat(HtmlReport.write(RUN))
                .contains(
                        "a &lt;machine&gt;",
                        "abc1234",
                        "bench/run --quick",
                        "not pinned",
                        "a note");
    }

    @Test
    void figureStandsBesideItsTargetAndVerdict() {
        assertThat(HtmlReport.write(RUN))
                .contains(
                        "<tr class=\"met\"><td>requests/s, hello, 16 connections: jgunicorn -w 1 /"
                                + " gunicorn gthread 2x4</td><td>5.00x (3.33x..6.36x)</td>"
                                + "<td>≥ 4.00x</td><td>≥ 6.00x</td><td>at least</td></tr>");
    }

    @Test
    void failedRequestsAreNamedByKind() {
        assertThat(HtmlReport.write(RUN)).contains("<td>6 (6 timeout)</td>");
    }

    @Test
    void jsonHasEveryRound() {
        String json = JsonReport.write(RUN);

        assertThat(json).contains("\"requestsPerSecond\": [500, 300, 700]");
        assertThat(json).contains("\"commit\": \"abc1234\"");
        assertThat(json).contains("\"requestsInEachSecond\": [10, 50, 90, 120, 3]");
    }

    @Test
    void scenarioThatCouldNotBeMeasuredIsNamed() {
        BenchRun run = new BenchRun(RUN.provenance(), List.of(), List.of("django: uWSGI has died"));

        assertThat(HtmlReport.write(run)).contains("Not measured", "django: uWSGI has died");
    }

    @Test
    void columnsOfTheTerminalAreAligned() {
        assertThat(TextReport.table(List.of("server", "n"), List.of(List.of("a", "12345"))))
                .isEqualTo("  server      n\n  a       12345\n");
    }
}
