"""PEP 3333 rules of jgunicorn.wsgi against a recording stand-in for the host's exchange."""

import io
import unittest

from jgunicorn import wsgi


class Exchange:
    """Records what the server would have been told."""

    def __init__(self, gone_after=None, problem=None):
        self.calls = []
        self.gone_after = gone_after
        self.problem = problem

    def respond(self, status, flat, count, body):
        self.calls.append(("respond", status, flat, count, body))
        return self.problem

    def start(self, status, flat, count):
        self.calls.append(("start", status, flat, count))
        return self.problem

    def write(self, data):
        if self.gone_after == 0:
            return False
        if self.gone_after is not None:
            self.gone_after -= 1
        self.calls.append(("write", data))
        return True

    def finish(self):
        self.calls.append(("finish",))

    def canSendFile(self, fd):
        return True

    def sendFile(self, fd, offset, length):
        self.calls.append(("sendFile", offset, length))
        return True

    def failed(self, text):
        self.calls.append(("failed", text))

    def abandon(self):
        self.calls.append(("abandon",))

    def earlyHints(self, flat, count):
        self.calls.append(("earlyHints", flat, count))
        return self.problem

    def logEnviron(self, *values):
        self.calls.append(("logEnviron", *values))


def run(app, exchange=None, headers=(), body=None, spooled=None, log_names=()):
    exchange = exchange or Exchange()
    base = {"wsgi.errors": io.StringIO(), "wsgi.file_wrapper": wsgi.FileWrapper}
    serve = wsgi.make_serve(app, base, None, log_names=log_names)
    serve(exchange, "GET", "/a%20b?x=1", "/a b", "", "x=1", "HTTP/1.1", "http", "127.0.0.1", "5", "127.0.0.1", "80", body, spooled, *headers)
    return exchange.calls


class LoggedEnvironTest(unittest.TestCase):
    NAMES = ("app.text", "app.number", "none", "path_info")

    class Unprintable:
        def __str__(self):
            raise RuntimeError("no text")

    def test_values_are_told_in_order_before_a_complete_response(self):
        def app(environ, start_response):
            environ["App.Text"] = "text"
            environ["app.number"] = 42
            environ["other"] = self.Unprintable()
            start_response("200 OK", [])
            return [b"x"]

        self.assertEqual(
            run(app, log_names=self.NAMES),
            [("logEnviron", "text", "42", "-", "/a b"), ("respond", "200 OK", "", 0, b"x")],
        )

    def test_values_of_a_stream_are_those_at_its_end(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            yield b"x"
            environ["app.text"] = "late"

        self.assertEqual(
            run(app, log_names=("app.text",))[-2:],
            [("logEnviron", "late"), ("finish",)],
        )

    def test_values_of_a_failed_request_are_told_too(self):
        def app(environ, start_response):
            environ["app.text"] = self.Unprintable()
            raise RuntimeError("app")

        calls = run(app, log_names=("app.text",))
        self.assertEqual(calls[0], ("logEnviron", "-"))
        self.assertEqual(calls[1][0], "failed")

    def test_values_of_a_request_without_a_client_are_told_too(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            yield b"x"
            yield b"y"

        calls = run(app, Exchange(gone_after=1), log_names=("path_info",))
        self.assertEqual(calls[-2:], [("logEnviron", "/a b"), ("abandon",)])


class ResponseTest(unittest.TestCase):
    def test_a_list_of_one_item_is_one_complete_response(self):
        def app(environ, start_response):
            start_response("200 OK", [("X-A", "1"), ("X-B", "2")])
            return [b"hello"]

        self.assertEqual(run(app), [("respond", "200 OK", "X-A\n1\nX-B\n2", 2, b"hello")])

    def test_a_list_of_several_items_is_joined(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            return [b"a", b"b", b"c"]

        self.assertEqual(run(app), [("respond", "200 OK", "", 0, b"abc")])

    def test_a_generator_is_streamed_item_by_item_and_empty_items_are_skipped(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            yield b"a"
            yield b""
            yield b"b"

        self.assertEqual(
            run(app), [("start", "200 OK", "", 0), ("write", b"a"), ("write", b"b"), ("finish",)]
        )

    def test_a_generator_that_announces_its_only_piece_is_one_complete_response(self):
        def app(environ, start_response):
            start_response("200 OK", [("content-length", "1")])
            yield b"a"

        self.assertEqual(run(app), [("respond", "200 OK", "content-length\n1", 1, b"a")])

    def test_an_iterable_without_items_is_a_response_without_a_body(self):
        def app(environ, start_response):
            start_response("204 No Content", [])
            return iter(())

        self.assertEqual(run(app), [("respond", "204 No Content", "", 0, b"")])

    def test_write_sends_before_the_iterable(self):
        def app(environ, start_response):
            write = start_response("200 OK", [])
            write(b"first")
            return [b"second"]

        self.assertEqual(
            run(app), [("start", "200 OK", "", 0), ("write", b"first"), ("write", b"second"), ("finish",)]
        )

    def test_start_response_twice_fails(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            start_response("200 OK", [])
            return [b""]

        self.assertIn("Response headers already set!", run(app)[0][1])

    def test_exc_info_replaces_a_response_that_has_not_begun(self):
        def app(environ, start_response):
            start_response("200 OK", [("X", "old")])
            try:
                raise ValueError("late")
            except ValueError:
                import sys

                start_response("500 Oops", [("X", "new")], sys.exc_info())
            return [b"sorry"]

        self.assertEqual(run(app), [("respond", "500 Oops", "X\nnew", 1, b"sorry")])

    def test_exc_info_after_the_head_raises_it_again(self):
        def app(environ, start_response):
            write = start_response("200 OK", [])
            write(b"x")
            try:
                raise ValueError("late")
            except ValueError:
                import sys

                start_response("500 Oops", [], sys.exc_info())
            return []

        calls = run(app)
        self.assertEqual(calls[-1][0], "failed")
        self.assertIn("ValueError: late", calls[-1][1])

    def test_text_instead_of_bytes_fails(self):
        for result in (["text"], iter(["text"])):
            with self.subTest(result=result):

                def app(environ, start_response):
                    start_response("200 OK", [])
                    return result

                self.assertEqual(run(app)[-1][0], "failed")

    def test_a_header_that_the_host_refuses_fails_the_request(self):
        def app(environ, start_response):
            start_response("200 OK", [("X", "a\nb")])
            return [b""]

        calls = run(app, Exchange(problem="Invalid HTTP Header: 'X'"))
        self.assertEqual([call[0] for call in calls], ["respond", "failed"])
        self.assertIn("Invalid HTTP Header: 'X'", calls[1][1])

    def test_header_names_and_values_must_be_text(self):
        for header in ((b"X", "1"), ("X", 1)):
            with self.subTest(header=header):

                def app(environ, start_response):
                    start_response("200 OK", [header])
                    return [b""]

                self.assertIn("is not a string", run(app)[0][1])

    def test_never_calling_start_response_fails(self):
        for result in ([b"x"], iter([b"x"]), iter(())):
            with self.subTest(result=result):
                self.assertEqual(run(lambda environ, start_response: result)[-1][0], "failed")

    def test_the_traceback_begins_in_the_application(self):
        def app(environ, start_response):
            raise RuntimeError("boom")

        text = run(app)[0][1]
        self.assertIn("RuntimeError: boom", text)
        self.assertNotIn("jgunicorn/wsgi.py", text)
        self.assertEqual(text.count("File "), 1)


class CloseTest(unittest.TestCase):
    class Body:
        def __init__(self, items):
            self.items = iter(items)
            self.closed = 0

        def __iter__(self):
            return self

        def __next__(self):
            item = next(self.items)
            if isinstance(item, Exception):
                raise item
            return item

        def close(self):
            self.closed += 1

    def check(self, items, exchange=None):
        body = self.Body(items)

        def app(environ, start_response):
            start_response("200 OK", [])
            return body

        calls = run(app, exchange)
        self.assertEqual(body.closed, 1)
        return calls

    def test_close_is_called_after_the_last_item(self):
        self.assertEqual(self.check([b"a"])[-1], ("finish",))

    def test_close_is_called_when_an_item_raises(self):
        self.assertEqual(self.check([b"a", ValueError("x")])[-1][0], "failed")

    def test_close_is_called_when_the_client_has_left(self):
        self.assertEqual(self.check([b"a", b"b"], Exchange(gone_after=1))[-1], ("abandon",))


class EnvironTest(unittest.TestCase):
    def environ(self, **request):
        seen = {}

        def app(environ, start_response):
            seen.update(environ)
            seen["body"] = environ["wsgi.input"].read()
            start_response("200 OK", [])
            return [b""]

        run(app, **request)
        return seen

    def test_values_arrive_under_their_keys(self):
        environ = self.environ(headers=("HTTP_HOST", "h", "CONTENT_TYPE", "t"))
        self.assertEqual(environ["PATH_INFO"], "/a b")
        self.assertEqual(environ["RAW_URI"], "/a%20b?x=1")
        self.assertEqual(environ["QUERY_STRING"], "x=1")
        self.assertEqual(environ["HTTP_HOST"], "h")
        self.assertEqual(environ["CONTENT_TYPE"], "t")
        self.assertEqual(environ["wsgi.url_scheme"], "http")
        self.assertEqual(environ["REMOTE_PORT"], "5")

    def test_a_body_in_memory_keeps_its_bytes(self):
        data = bytes(range(256))
        self.assertEqual(self.environ(body=data.decode("latin-1"))["body"], data)

    def test_a_spooled_body_is_read_from_its_file(self):
        import tempfile

        with tempfile.NamedTemporaryFile() as file:
            file.write(b"spooled")
            file.flush()
            self.assertEqual(self.environ(spooled=file.name)["body"], b"spooled")

    def test_requests_do_not_share_an_environ(self):
        environs = []

        def app(environ, start_response):
            environs.append(environ)
            start_response("200 OK", [])
            return [b""]

        serve = wsgi.make_serve(app, {}, None)
        for _ in range(2):
            serve(Exchange(), "GET", "/", "/", "", "", "HTTP/1.1", "http", "", "", "", "", None, None)
        self.assertIsNot(environs[0], environs[1])
        self.assertNotIn("REMOTE_PORT", environs[0])

    def test_early_hints_take_text_and_bytes(self):
        def app(environ, start_response):
            environ["wsgi.early_hints"]([("Link", "</a.css>"), (b"Link", b"</b.css>")])
            start_response("200 OK", [])
            return [b""]

        self.assertEqual(run(app)[0], ("earlyHints", "Link\n</a.css>\nLink\n</b.css>", 2))


class FileWrapperTest(unittest.TestCase):
    def test_it_seeks_where_the_file_does(self):
        wrapper = wsgi.FileWrapper(io.BytesIO(b"0123456789"), 4)
        self.assertTrue(wrapper.seekable())
        wrapper.seek(5)
        self.assertEqual(next(wrapper), b"5678")
        self.assertEqual(wrapper.tell(), 9)

    def test_it_has_no_seek_where_the_file_has_none(self):
        class Pipe:
            def read(self, size):
                return b""

        wrapper = wsgi.FileWrapper(Pipe())
        self.assertFalse(any(hasattr(wrapper, name) for name in ("close", "seekable", "seek", "tell")))

    def test_a_real_file_is_sent_by_the_server_from_its_position(self):
        import tempfile

        with tempfile.TemporaryFile() as file:
            file.write(b"0123456789")
            file.seek(3)

            def app(environ, start_response):
                start_response("200 OK", [("Content-Length", "4")])
                return environ["wsgi.file_wrapper"](file)

            self.assertEqual(
                run(app), [("start", "200 OK", "Content-Length\n4", 1), ("sendFile", 3, 4), ("finish",)]
            )
            self.assertTrue(file.closed)

    def test_a_file_in_memory_is_read_in_blocks(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            return environ["wsgi.file_wrapper"](io.BytesIO(b"abcd"), 2)

        self.assertEqual([call[1] for call in run(app) if call[0] == "write"], [b"ab", b"cd"])


if __name__ == "__main__":
    unittest.main()
