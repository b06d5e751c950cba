package io.jgunicorn.http;

import static io.jgunicorn.http.Octets.indexOf;
import static io.jgunicorn.http.Octets.isDigit;
import static io.jgunicorn.http.Octets.isTokenByte;
import static io.jgunicorn.http.Octets.matches;
import static io.jgunicorn.http.Octets.text;
import static io.jgunicorn.http.RefusedRequestException.badHeader;
import static io.jgunicorn.http.RefusedRequestException.badHeaderName;
import static io.jgunicorn.http.RefusedRequestException.badRequest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Every reason to refuse a request, in one place. Two stages: the bytes of each line as they
 * arrived, then what the parsed fields say together. Texts are gunicorn's. Stateless, any thread.
 *
 * <p>Stricter than gunicorn on purpose: control bytes in the target (RFC 9112 section 3), a bare LF
 * ends nothing and is refused at once instead of waiting for more (RFC 9112 section 2.2), and every
 * transfer coding other than {@code chunked} is 501, because none of them is decoded (RFC 9112
 * section 6.1).
 */
final class RequestChecks {
    /**
     * A rule about the fields together.
     *
     * @param section where the rule comes from
     */
    private record Rule(String section, Check check) {}

    @FunctionalInterface
    private interface Check {
        void apply(RequestFacts facts);
    }

    private static final Rule[] RULES = {
        new Rule("RFC 9112 section 3.2: Host at most once", RequestChecks::hostOnce),
        new Rule("RFC 9110 section 5.3: Content-Type at most once", RequestChecks::contentTypeOnce),
        new Rule("RFC 9112 section 6.3: one Content-Length", RequestChecks::contentLength),
        new Rule("RFC 9112 section 6.1: Transfer-Encoding", RequestChecks::transferEncoding),
        new Rule("RFC 9112 section 6.1: not both lengths", RequestChecks::notBothFramings),
        new Rule("RFC 9110 section 10.1.1: Expect", RequestChecks::expectation),
    };

    private static final Set<String> NOT_IN_TRAILERS =
            Set.of("AUTHORIZATION", "CONTENT-LENGTH", "HOST", "TE", "TRAILER", "TRANSFER-ENCODING");

    private RequestChecks() {}

    /** The rules' sources, for documents and tests. */
    static List<String> sections() {
        return Arrays.stream(RULES).map(Rule::section).toList();
    }

    /** Applies every rule about the fields together. */
    static void fields(RequestFacts facts) {
        for (Rule rule : RULES) {
            rule.check().apply(facts);
        }
    }

    /** RFC 9112 section 3, without the line's CR LF. */
    static void requestLine(byte[] line, int start, int end) {
        int first = indexOf(line, start, end, ' ');
        int second = first < 0 ? -1 : indexOf(line, first + 1, end, ' ');
        if (second < 0 || first == start || second == first + 1) {
            throw badLine(line, start, end);
        }
        method(line, start, first);
        target(line, start, end, first, second);
        version(line, second + 1, end);
    }

    /** RFC 9110 section 9.1 and gunicorn's convention: a token of 3 to 20, no lower case, no #. */
    private static void method(byte[] line, int start, int end) {
        int length = end - start;
        boolean good = length >= 3 && length <= 20;
        for (int i = start; good && i < end; i++) {
            byte b = line[i];
            good = isTokenByte(b) && b != '#' && !(b >= 'a' && b <= 'z');
        }
        if (!good) {
            throw badRequest(
                    "Invalid Method 'Invalid HTTP method: '" + text(line, start, end) + "''");
        }
    }

    /** RFC 9112 section 3.2: origin, absolute, authority (CONNECT) or asterisk form (OPTIONS). */
    private static void target(byte[] line, int start, int end, int first, int second) {
        for (int i = first + 1; i < second; i++) {
            if ((line[i] >= 0 && line[i] < 0x21) || line[i] == 0x7f) {
                throw badLine(line, start, end);
            }
        }
        byte lead = line[first + 1];
        boolean good;
        if (lead == '/') {
            good = true;
        } else if (lead == '*' && second == first + 2) {
            good = matches(line, start, first, "OPTIONS");
        } else {
            good =
                    schemeSeparator(line, first + 1, second)
                            || matches(line, start, first, "CONNECT");
        }
        if (!good) {
            throw badLine(line, start, end);
        }
    }

    private static boolean schemeSeparator(byte[] line, int start, int end) {
        for (int i = start; i + 2 < end; i++) {
            if (line[i] == ':' && line[i + 1] == '/' && line[i + 2] == '/') {
                return true;
            }
        }
        return false;
    }

    /** RFC 9112 section 2.3: HTTP/1.x. */
    private static void version(byte[] line, int start, int end) {
        boolean formed =
                end - start == 8
                        && matches(line, start, start + 5, "HTTP/")
                        && isDigit(line[start + 5])
                        && line[start + 6] == '.'
                        && isDigit(line[start + 7]);
        if (!formed) {
            throw badRequest(
                    "Invalid HTTP Version 'Invalid HTTP Version: '"
                            + text(line, start, end)
                            + "''");
        }
        if (line[start + 5] != '1') {
            throw badRequest(
                    "Invalid HTTP Version 'Invalid HTTP Version: ("
                            + (char) line[start + 5]
                            + ", "
                            + (char) line[start + 7]
                            + ")'");
        }
    }

    /**
     * RFC 9112 section 5 (no blank before the colon, no folding) and RFC 9110 section 5.5 (no
     * control bytes in values), without the line's CR LF.
     *
     * @return length of the name
     */
    static int fieldLine(byte[] line, int start, int end) {
        int colon = start;
        while (colon < end && isTokenByte(line[colon])) {
            colon++;
        }
        if (colon == end || colon == start || line[colon] != ':') {
            throw badName(line, start, end);
        }
        for (int i = colon + 1; i < end; i++) {
            byte b = line[i];
            if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7f) {
                throw badHeader(text(line, start, colon).toUpperCase(Locale.ROOT));
            }
        }
        return colon - start;
    }

    private static RefusedRequestException badName(byte[] line, int start, int end) {
        int colon = indexOf(line, start, end, ':');
        if (line[start] == ' ' || line[start] == '\t') {
            return badRequest(
                    "Obsolete line folding is unacceptable: '"
                            + text(line, start, end).strip()
                            + "'");
        }
        if (colon < 0 || colon == start) {
            return badHeader(text(line, start, end));
        }
        return badHeaderName(text(line, start, colon));
    }

    /**
     * RFC 9110 section 6.5.1: what decides about framing, routing or access may not come
     * afterwards.
     *
     * @param name in upper case
     */
    static void trailer(String name) {
        if (NOT_IN_TRAILERS.contains(name)) {
            throw badHeaderName(name);
        }
    }

    private static void hostOnce(RequestFacts facts) {
        if (facts.hosts() > 1) {
            throw badHeader("HOST");
        }
    }

    private static void contentTypeOnce(RequestFacts facts) {
        if (facts.contentTypes() > 1) {
            throw badHeader("CONTENT-TYPE");
        }
    }

    private static void contentLength(RequestFacts facts) {
        String length = facts.contentLength();
        if (length == null) {
            return;
        }
        boolean good = facts.contentLengths() == 1 && !length.isEmpty();
        int significant = 0;
        for (int i = 0; good && i < length.length(); i++) {
            char c = length.charAt(i);
            good = c >= '0' && c <= '9';
            if (significant > 0 || c != '0') {
                significant++;
            }
        }
        if (!good || significant > 18) {
            throw badHeader("CONTENT-LENGTH");
        }
    }

    private static void transferEncoding(RequestFacts facts) {
        String codings = facts.transferEncoding();
        if (codings == null) {
            return;
        }
        if (!facts.persistentByDefault()) {
            throw badHeader("TRANSFER-ENCODING");
        }
        if (!codings.equalsIgnoreCase("chunked")) {
            if (repeatsChunked(codings)) {
                throw badHeader("TRANSFER-ENCODING");
            }
            // gunicorn's reason phrase for 501 is Bad Request, too.
            throw new RefusedRequestException(
                    "501 Bad Request", "Unsupported transfer coding: '" + codings + "'");
        }
    }

    private static boolean repeatsChunked(String codings) {
        for (String coding : codings.split(",", -1)) {
            if (!coding.strip().equalsIgnoreCase("chunked")) {
                return false;
            }
        }
        return true;
    }

    private static void notBothFramings(RequestFacts facts) {
        if (facts.transferEncoding() != null && facts.contentLength() != null) {
            throw badHeader("CONTENT-LENGTH");
        }
    }

    private static void expectation(RequestFacts facts) {
        String expect = facts.expect();
        if (expect != null
                && facts.persistentByDefault()
                && !expect.equalsIgnoreCase("100-continue")) {
            throw new RefusedRequestException(
                    "417 Expectation Failed",
                    "Unable to comply with expectation: '" + expect + "'");
        }
    }

    private static RefusedRequestException badLine(byte[] line, int start, int end) {
        return badRequest(
                "Invalid Request Line 'Invalid HTTP request line: '"
                        + text(line, start, end)
                        + "''");
    }
}
