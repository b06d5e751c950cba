package io.jgunicorn.bench.result;

import java.util.List;

/**
 * One load on all servers of a scenario.
 *
 * @param connections how many the load opens
 */
public record LoadTable(String id, String title, int connections, List<LoadRow> rows) {
    public LoadTable {
        rows = List.copyOf(rows);
    }
}
