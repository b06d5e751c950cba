package io.jgunicorn.worker.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TracebackTest {
    @Test
    void lastExceptionIsNamedByItsFirstLine() {
        assertThat(
                        Traceback.exception(
                                """
                                Traceback (most recent call last):
                                  File "a.py", line 1, in f
                                    g()
                                KeyError: 'x'

                                During handling of the above exception, another exception occurred:

                                Traceback (most recent call last):
                                  File "a.py", line 3, in f
                                    raise ValueError("one\\ntwo")
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                                ValueError: one
                                two"""))
                .isEqualTo("ValueError: one");
    }

    @Test
    void exceptionWithoutFramesStandsAlone() {
        assertThat(Traceback.exception("TypeError: not callable"))
                .isEqualTo("TypeError: not callable");
    }

    @Test
    void groupIsNamedByItsFirstLine() {
        assertThat(
                        Traceback.exception(
                                """
                                  + Exception Group Traceback (most recent call last):
                                  |   File "a.py", line 1, in f
                                  | ExceptionGroup: two (2 sub-exceptions)"""))
                .isEqualTo("|   File \"a.py\", line 1, in f");
    }

    @Test
    void emptyTextIsStillAnException() {
        assertThat(Traceback.exception(" \n")).isEqualTo("an exception");
    }
}
