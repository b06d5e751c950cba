package io.jgunicorn.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTextTest {
    @Test
    void workersAndTheirThreadsAreShownAsInATraceback() {
        String answer =
                """
                {"workers": [
                  {"pid": 7, "age": 1, "state": "serving", "answered": true, "threads": [
                    {"name": "python-1", "state": "WAITING", "request": null, "seconds": null,
                     "language": "python", "omitted": 0, "frames": []},
                    {"name": "python-2", "state": "RUNNABLE", "request": "GET /a", "seconds": 2.5,
                     "language": "python", "omitted": 3, "frames": [
                      {"file": "/app.py", "line": 9, "function": "outer"},
                      {"file": "/app.py", "line": 3, "function": "inner"}]},
                    {"name": "python-3", "state": "RUNNABLE", "request": "GET /b", "seconds": 1.0,
                     "language": "java", "omitted": 0, "frames": [
                      {"file": "Net.java", "line": 0, "function": "Net.poll"}]},
                    {"name": "python-4", "state": "WAITING", "request": null, "seconds": null,
                     "language": "python", "omitted": 0, "frames": []}]},
                  {"pid": 8, "age": 2, "state": "draining", "answered": false,
                   "problem": "does not answer within 6 s", "threads": []}]}
                """;

        assertThat(StackText.shown(CtlMessages.parse(answer)))
                .isEqualTo(
                        """
                        Worker 7, serving
                          python-2, inside GET /a for 2.5 s
                            ... 3 outer calls
                            File "/app.py", line 9, in outer
                            File "/app.py", line 3, in inner
                          python-3, inside GET /b for 1.0 s (Python did not answer, as in a native \
                        call; the Java side of it, RUNNABLE)
                            File "Net.java", line 0, in Net.poll
                          waiting for work: python-1, python-4
                        Worker 8, draining: does not answer within 6 s
                        """);
    }

    @Test
    void serverWithoutWorkersSaysSo() {
        assertThat(StackText.shown(CtlMessages.parse("{\"workers\": []}")))
                .isEqualTo("no workers\n");
    }
}
