package io.jgunicorn.http;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The environ keys whose values follow from the request alone, for requests that the application
 * has not seen. Immutable, any thread.
 */
final class EnvironKeys {
    private final String serverScriptName;

    /**
     * @param serverScriptName SCRIPT_NAME of the process environment, or empty
     */
    EnvironKeys(String serverScriptName) {
        this.serverScriptName = serverScriptName;
    }

    /**
     * How to find a value; empty for a key that only the application can know. The function gives
     * {@code -} for a field that was not sent.
     *
     * @param key in lower case
     */
    Optional<Function<RequestHead, String>> named(String key) {
        return Optional.ofNullable(
                switch (key) {
                    case "request_method" -> RequestHead::method;
                    case "server_protocol" -> RequestHead::protocol;
                    case "remote_addr" -> RequestHead::client;
                    case "remote_port" -> RequestHead::clientPort;
                    case "query_string" -> RequestHead::query;
                    case "raw_uri" -> RequestHead::target;
                    case "wsgi.url_scheme" -> RequestHead::scheme;
                    case "server_name" -> RequestHead::serverName;
                    case "server_port" -> RequestHead::serverPortUsed;
                    case "script_name" -> this::scriptName;
                    case "path_info" -> this::pathInfo;
                    case "content_type" -> head -> fields(head, "CONTENT_TYPE").orElse("-");
                    case "content_length" -> head -> fields(head, "CONTENT_LENGTH").orElse("-");
                    default -> {
                        if (!key.startsWith("http_")) {
                            yield null;
                        }
                        String name = key.substring(5).toUpperCase(Locale.ROOT);
                        yield head -> fields(head, name).orElse("-");
                    }
                });
    }

    /** Repeated fields are joined, as in the environ. */
    private static Optional<String> fields(RequestHead head, String name) {
        String joined = null;
        for (RequestHead.Header header : head.headers()) {
            if (header.name().length() == name.length()
                    && header.name().replace('-', '_').equals(name)) {
                joined = joined == null ? header.value() : joined + "," + header.value();
            }
        }
        return Optional.ofNullable(joined);
    }

    /** Only a trusted client's field gets this far. */
    private String scriptName(RequestHead head) {
        String name = serverScriptName;
        for (RequestHead.Header header : head.headers()) {
            if (header.name().equals("SCRIPT_NAME")) {
                name = header.value();
            }
        }
        return name;
    }

    /** The path within the application, decoded. */
    String pathInfo(RequestHead head) {
        String script = scriptName(head);
        String path = head.path();
        return Octets.percentDecoded(
                path.startsWith(script) ? path.substring(script.length()) : path);
    }
}
