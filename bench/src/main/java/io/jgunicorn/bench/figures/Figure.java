package io.jgunicorn.bench.figures;

import io.jgunicorn.bench.stats.Spread;

/** One figure with its target; the median counts. */
public record Figure(String name, Unit unit, Spread value, Target target) {
    /** How the median stands to the target. */
    public enum Verdict {
        MISSED("missed"),
        MET("at least"),
        AIM("aim");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** For people: which of the two goals is reached. */
        public String text() {
            return text;
        }
    }

    public Verdict verdict() {
        if (target.reaches(value.median(), target.aim())) {
            return Verdict.AIM;
        }
        return target.reaches(value.median(), target.atLeast()) ? Verdict.MET : Verdict.MISSED;
    }
}
