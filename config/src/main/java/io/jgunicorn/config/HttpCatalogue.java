package io.jgunicorn.config;

import static io.jgunicorn.config.Section.HTTP2;
import static io.jgunicorn.config.Section.SECURITY;
import static io.jgunicorn.config.Section.SERVER_MECHANICS;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.Setting.CliType;
import io.jgunicorn.config.value.OwnRules;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.Validators;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What requests may look like, and whom they are believed from. */
final class HttpCatalogue {
    private static final String BAD_REQUEST = "such requests are answered with 400";
    private static final String NO_HTTP2 =
            "HTTP/1 is spoken only; let a proxy speak HTTP/2 with clients";
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    private HttpCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                number("limit_request_line", SECURITY, "--limit-request-line", 4094)
                        .implemented(
                                "Longest request line in bytes; longer ones are answered with an"
                                        + " error."),
                number("limit_request_fields", SECURITY, "--limit-request-fields", 100)
                        .implemented("Most header fields a request may have."),
                number("limit_request_field_size", SECURITY, "--limit-request-field_size", 8190)
                        .implemented("Longest header field in bytes, name and value together."),
                number("limit_request_body", SECURITY, "--limit-request-body", 0)
                        .rule(OwnRules::bodyLimit)
                        .ours(
                                "Longest request body in bytes; longer ones are answered with"
                                        + " 413. 0 sets no limit."),
                number("header_timeout", SECURITY, "--header-timeout", 60)
                        .ours(
                                "Seconds from the first byte of a request until its header is"
                                        + " complete; then the answer is 408. 0 sets no limit."),
                number("body_timeout", SECURITY, "--body-timeout", 60)
                        .ours(
                                "Seconds without a byte of a request body that is on its way;"
                                        + " then the answer is 408. 0 sets no limit."),
                number("body_min_rate", SECURITY, "--body-min-rate", 0)
                        .ours(
                                "Least bytes per second of a request body, on average, once it"
                                        + " has taken ten seconds; below that the answer is 408. 0 sets"
                                        + " no limit."),
                number("write_timeout", SECURITY, "--write-timeout", 60)
                        .ours(
                                "Seconds for which a client may take nothing of its response;"
                                        + " then its connection is reset. 0 sets no limit."),
                number("keepalive_requests", SECURITY, "--keepalive-requests", 0)
                        .ours(
                                "Most requests of one connection; the last response closes it."
                                        + " 0 sets no limit."),
                mechanics("secure_scheme_headers")
                        .rule(Validators::dict)
                        .byDefault(schemeHeaders())
                        .values("dict of str")
                        .implemented(
                                "Headers and the values by which a trusted proxy says that its"
                                        + " client used https."),
                mechanics("forwarded_allow_ips", "--forwarded-allow-ips")
                        .metavar("STRING")
                        .rule(SpecialValidators::networks)
                        .byDefault(HttpCatalogue::defaultForwarded)
                        .variable("FORWARDED_ALLOW_IPS")
                        .values("addresses and networks separated by commas, in one str, or *")
                        .implemented(
                                "Proxies that are trusted, as addresses or networks separated by"
                                        + " commas, or * for all. FORWARDED_ALLOW_IPS in the"
                                        + " environment sets the default."),
                mechanics("forwarder_headers", "--forwarder-headers")
                        .rule(Validators::commaSeparated)
                        .byDefault(List.of("SCRIPT_NAME", "PATH_INFO"))
                        .values("names separated by commas, in one str")
                        .implemented(
                                "Header names with an underscore that a trusted proxy may send,"
                                        + " separated by commas."),
                mechanics("header_map", "--header-map")
                        .rule(SpecialValidators::headerMap)
                        .byDefault("drop")
                        .values("drop, refuse or dangerous")
                        .implemented(
                                "What happens to other header names with an underscore: drop,"
                                        + " refuse the request, or dangerous: let them through."),
                mechanics("proxy_headers", "--proxy-headers")
                        .metavar("FIELDS")
                        .rule(OwnRules::proxyHeaders)
                        .byDefault(List.of())
                        .values(
                                "off, forwarded, or some of the x-forwarded- fields, in a list or separated by commas")
                        .ours(
                                "Show requests as the clients of trusted proxies (forwarded_allow_ips)"
                                        + " made them, by the header fields that your proxy sets or"
                                        + " removes itself: forwarded, or some of x-forwarded-for,"
                                        + " x-forwarded-proto, x-forwarded-host, x-forwarded-port,"
                                        + " separated by commas. The others are removed, and all of"
                                        + " them if they come from other peers."),
                permit("permit_obsolete_folding", "--permit-obsolete-folding")
                        .notYet(BAD_REQUEST, "Accept header fields that go on in the next line."),
                permit("strip_header_spaces", "--strip-header-spaces")
                        .notYet(
                                BAD_REQUEST,
                                "Ignore blanks between a header's name and its colon."),
                permit("permit_unconventional_http_method", "--permit-unconventional-http-method")
                        .notYet(
                                BAD_REQUEST,
                                "Accept request methods of unusual length or letters."),
                permit("permit_unconventional_http_version", "--permit-unconventional-http-version")
                        .notYet(BAD_REQUEST, "Accept HTTP versions that do not begin with 1."),
                permit("casefold_http_method", "--casefold-http-method")
                        .notYet(BAD_REQUEST, "Turn request methods into capital letters."),
                mechanics("root_path", "--root-path")
                        .metavar("STRING")
                        .rule(Validators::text)
                        .byDefault("")
                        .accepted(
                                "none: there is no asgi worker",
                                "Mount point of an asgi application; WSGI uses SCRIPT_NAME."),
                mechanics("proxy_protocol", "--proxy-protocol")
                        .metavar("MODE")
                        .action(Action.STORE_OPTIONAL)
                        .rule(SpecialValidators::proxyProtocol)
                        .byDefault("off")
                        .values("off, v1, v2 or auto")
                        .differs(
                                "every request of a connection knows its client; malformed headers end the connection")
                        .implemented(
                                "Whether connections may begin with a PROXY protocol header, which"
                                        + " says where the client is: off, v1, v2 or auto (both)."),
                mechanics("proxy_allow_ips", "--proxy-allow-from")
                        .rule(SpecialValidators::networks)
                        .byDefault(LOOPBACK)
                        .values("addresses and networks separated by commas, in one str, or *")
                        .implemented(
                                "Peers that may send PROXY protocol headers, as addresses or"
                                        + " networks separated by commas, or * for all."),
                mechanics("protocol", "--protocol")
                        .metavar("STRING")
                        .rule(Validators::text)
                        .byDefault("http")
                        .values("http")
                        .limited(
                                (value, _) -> value.equals(Optional.of("uwsgi")),
                                "the uwsgi protocol is not spoken; let the proxy use HTTP",
                                "What clients speak; only http is possible."),
                mechanics("uwsgi_allow_ips", "--uwsgi-allow-from")
                        .rule(SpecialValidators::networks)
                        .byDefault(LOOPBACK)
                        .values("addresses and networks separated by commas, in one str, or *")
                        .accepted(
                                "none: the uwsgi protocol is refused",
                                "Peers that may speak the uwsgi protocol."),
                Setting.named("http_protocols", HTTP2)
                        .flags("--http-protocols")
                        .metavar("STRING")
                        .rule(SpecialValidators::httpProtocols)
                        .byDefault(List.of("h1"))
                        .values("h1 and h2, separated by commas, in one str")
                        .notYet(NO_HTTP2, "HTTP versions to offer; only h1 is served."),
                Setting.named("http2_cleartext", HTTP2)
                        .flags("--http2-cleartext")
                        .metavar("STRING")
                        .rule(SpecialValidators::cleartextHttp2)
                        .byDefault("off")
                        .values("off, prior-knowledge, upgrade or both")
                        .notYet(NO_HTTP2, "Accept HTTP/2 without TLS."),
                number("http2_max_concurrent_streams", HTTP2, "--http2-max-concurrent-streams", 100)
                        .notYet(NO_HTTP2, "Requests at a time on one HTTP/2 connection."),
                number("http2_initial_window_size", HTTP2, "--http2-initial-window-size", 65535)
                        .notYet(NO_HTTP2, "Bytes an HTTP/2 stream may send before it waits."),
                number("http2_max_frame_size", HTTP2, "--http2-max-frame-size", 16384)
                        .rule(SpecialValidators::http2FrameSize)
                        .values("whole number, 16384 to 16777215")
                        .notYet(NO_HTTP2, "Largest HTTP/2 frame in bytes."),
                number("http2_max_header_list_size", HTTP2, "--http2-max-header-list-size", 65536)
                        .notYet(NO_HTTP2, "Most bytes the headers of an HTTP/2 request may take."));
    }

    private static Setting.Builder number(String name, Section section, String flag, long value) {
        return Setting.named(name, section)
                .flags(flag)
                .metavar("INT")
                .cli(CliType.INT)
                .rule(Validators::positiveInt)
                .byDefault(value);
    }

    private static Setting.Builder mechanics(String name, String... flags) {
        return Setting.named(name, SERVER_MECHANICS).flags(flags);
    }

    private static Setting.Builder permit(String name, String flag) {
        return mechanics(name, flag)
                .action(Action.STORE_TRUE)
                .rule(Validators::bool)
                .byDefault(false);
    }

    private static Map<String, String> schemeHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-FORWARDED-PROTOCOL", "ssl");
        headers.put("X-FORWARDED-PROTO", "https");
        headers.put("X-FORWARDED-SSL", "on");
        return Collections.unmodifiableMap(headers);
    }

    private static Optional<Object> defaultForwarded(Surroundings around) {
        String text = around.environment().get("FORWARDED_ALLOW_IPS");
        return text == null
                ? Optional.of(LOOPBACK)
                : SpecialValidators.networks(RawValue.of(text), around);
    }
}
