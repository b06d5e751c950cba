package io.jgunicorn.http;

import static io.jgunicorn.http.Replies.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who else writes access lines is told of the requests that nobody has claimed. */
class AccessObserverTest {
    @Test
    @Timeout(30)
    void claimedRequestsAreNotToldUnlessTheyExpire() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
        AccessObserver observer =
                (head, status, bytes, nanos) -> told.add(head.path() + " " + status + " " + bytes);
        try (TestServer server = TestServer.start(c -> c.accessObserver(observer), arrived::add)) {
            RawClient client = server.client();
            client.send("GET /unclaimed HTTP/1.1\r\n\r\n");
            ok(arrived.poll(10, TimeUnit.SECONDS), "four");
            client.response();

            client.send("GET /claimed HTTP/1.1\r\n\r\n");
            Exchange claimed = arrived.poll(10, TimeUnit.SECONDS);
            claimed.claimAccessLine();
            ok(claimed, "four");
            client.response();
            assertThat(claimed.accessLineClaimed()).isTrue();
            assertThat(claimed.expire()).isFalse();
            assertThat(claimed.accessLineClaimed()).isTrue();

            client.send("GET /failed HTTP/1.1\r\n\r\n");
            Exchange failed = arrived.poll(10, TimeUnit.SECONDS);
            failed.claimAccessLine();
            failed.fail();
            client.readAll();
            assertThat(failed.accessLineClaimed()).isTrue();

            RawClient second = server.client();
            second.send("GET /expired HTTP/1.1\r\n\r\n");
            Exchange expired = arrived.poll(10, TimeUnit.SECONDS);
            expired.claimAccessLine();
            assertThat(expired.expire()).isTrue();
            second.readAll();
            assertThat(expired.accessLineClaimed()).isFalse();
            expired.claimAccessLine(); // too late
            assertThat(expired.accessLineClaimed()).isFalse();

            RawClient refused = server.client();
            refused.send("GET /refused HTTP/1.1\r\nExpect: x\r\n\r\n").readAll();
            refused.close();
            second.close();
            client.close();
        }
        assertThat(told).containsExactly("/unclaimed 200 4", "/expired 504 0", "/refused 417 0");
    }
}
