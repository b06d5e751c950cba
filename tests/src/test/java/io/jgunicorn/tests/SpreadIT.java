package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Load;
import io.jgunicorn.testkit.ProcessTree;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which worker gets a connection. */
@Tag("product") // gunicorn leaves it to the kernel
class SpreadIT {
    private static final int CONNECTIONS = 12;

    @RegisterExtension static final Servers SERVERS = new Servers();

    private final List<RawHttp> open = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (RawHttp connection : open) {
            connection.close();
        }
    }

    private static ServerProcess twoWorkers() {
        return SERVERS.start(Launch.app("pid:app").args("-w", "2", "--keep-alive", "60"))
                .awaitReady(2);
    }

    /** Opens connections that stay open: how many each worker got. */
    private Map<Long, Integer> connect(ServerProcess server) throws IOException {
        Map<Long, Integer> perWorker = new HashMap<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            RawHttp connection = server.connect();
            open.add(connection);
            perWorker.merge(Long.parseLong(connection.get("/").body()), 1, Integer::sum);
        }
        return perWorker;
    }

    @Test
    void keptConnectionsAreSharedOutEvenly() throws IOException {
        ServerProcess server = twoWorkers();
        Map<Long, Integer> perWorker = connect(server);

        assertThat(perWorker.keySet()).isEqualTo(server.workers());
        // Even, but for a worker that got no processor for the 5 ms the other waits for it.
        assertThat(perWorker.values()).allSatisfy(c -> assertThat(c).isBetween(4, 8));
    }

    @Test
    void workerThatComesLaterGetsItsShareOfConnectionsThatStayOpen() {
        ServerProcess server =
                SERVERS.start(Launch.app("pid:app").args("-w", "1", "--keep-alive", "60"))
                        .awaitReady(1);

        try (Load load = Load.untilStopped(server.address(), "/", CONNECTIONS)) {
            load.awaitDistinctBodies(1, ServerProcess.PATIENCE);
            server.signal("TTIN");
            load.awaitDistinctBodies(2, ServerProcess.PATIENCE);

            assertThat(load.stop().failures()).isEmpty();
        }
    }

    @Test
    void connectionsMeantForAWorkerThatHangsAreTakenByTheOther() throws IOException {
        ServerProcess server = twoWorkers();
        long hanging = server.workers().iterator().next();
        ProcessTree.signal("STOP", List.of(hanging));
        try {
            assertThat(connect(server)).hasSize(1).doesNotContainKey(hanging);
        } finally {
            ProcessTree.signal("CONT", List.of(hanging));
        }
    }
}
