package io.jgunicorn.bench.report;

import io.jgunicorn.bench.figures.Figure;
import io.jgunicorn.bench.figures.Figures;
import io.jgunicorn.bench.result.BenchRun;
import io.jgunicorn.bench.result.LoadTable;
import io.jgunicorn.bench.result.Provenance;
import io.jgunicorn.bench.result.ScenarioResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A run as one page of HTML that needs nothing else: style and plots are inside. */
public final class HtmlReport {
    private static final String TEMPLATE = "report.html";

    private HtmlReport() {}

    /**
     * Renders the page.
     *
     * @throws UncheckedIOException if the template is missing
     */
    public static String write(BenchRun run) {
        Html body = new Html();
        writeProvenance(run, body);
        writeFigures(run, body);
        for (ScenarioResult scenario : run.scenarios()) {
            writeScenario(scenario, body);
        }
        String title = "jgunicorn bench, " + run.provenance().time();
        return template()
                .replace("{{title}}", Html.escape(title))
                .replace("{{body}}", body.toString());
    }

    private static void writeProvenance(BenchRun run, Html body) {
        Provenance provenance = run.provenance();
        List<String> facts = new ArrayList<>();
        facts.add("Machine: " + provenance.machine());
        facts.add("Commit: " + provenance.commit());
        facts.add("Command: bench/run " + String.join(" ", provenance.arguments()));
        facts.addAll(provenance.facts());
        body.bullets(facts);
        if (!run.failures().isEmpty()) {
            body.heading(2, "failures", "Not measured");
            body.bullets(run.failures());
        }
    }

    private static void writeFigures(BenchRun run, Html body) {
        List<Figure> figures = Figures.of(run);
        if (figures.isEmpty()) {
            return;
        }
        body.heading(2, "figures", "Figures with targets");
        body.paragraph(
                "The median counts. A ratio is that of two servers in the same round; its spread is"
                        + " that of the rounds.");
        body.table(
                FigureTable.HEAD,
                figures.stream().map(FigureTable::row).toList(),
                figures.stream().map(FigureTable::kind).toList());
    }

    private static void writeScenario(ScenarioResult scenario, Html body) {
        body.heading(2, scenario.id(), scenario.title());
        body.bullets(scenario.notes());
        for (LoadTable table : scenario.loads()) {
            LoadSection.write(table, body);
        }
        if (!scenario.boots().isEmpty()) {
            BootSection.write(scenario.boots(), body);
        }
        if (!scenario.curves().isEmpty()) {
            CurveSection.write(scenario.curves(), body);
        }
        if (!scenario.warmUps().isEmpty()) {
            WarmUpSection.write(scenario.warmUps(), body);
        }
    }

    private static String template() {
        try (InputStream source = HtmlReport.class.getResourceAsStream(TEMPLATE)) {
            if (source == null) {
                throw new IOException("the resource is missing: " + TEMPLATE);
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
