package io.jgunicorn.bench.scenario;

import io.jgunicorn.bench.load.Load;
import io.jgunicorn.bench.server.Application;
import io.jgunicorn.bench.server.Contender;
import java.util.List;

/** One application, some servers, and what to find out about them. The id chooses it. */
public sealed interface Scenario {
    String id();

    /** For people: one phrase. */
    String title();

    Application application();

    List<Contender> contenders();

    /**
     * Loads on servers that run all the time, in turns.
     *
     * @param loads at least one; the first also warms up
     * @param warmSeconds for servers that compile while they run
     * @param notes what a reader must know
     */
    record Steady(
            String id,
            String title,
            Application application,
            List<Contender> contenders,
            List<Load> loads,
            int warmSeconds,
            List<String> notes)
            implements Scenario {
        public Steady {
            contenders = List.copyOf(contenders);
            loads = List.copyOf(loads);
            notes = List.copyOf(notes);
        }
    }

    /** Starts, from the command to the first 200 answer. */
    record Boots(String id, String title, Application application, List<Contender> contenders)
            implements Scenario {
        public Boots {
            contenders = List.copyOf(contenders);
        }
    }

    /** Rate and memory over time, from the first 200 answer on. */
    record Curves(
            String id,
            String title,
            Application application,
            List<Contender> contenders,
            Load.ClosedLoop load)
            implements Scenario {
        public Curves {
            contenders = List.copyOf(contenders);
        }
    }
}
