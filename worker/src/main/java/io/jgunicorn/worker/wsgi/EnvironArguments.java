package io.jgunicorn.worker.wsgi;

import io.jgunicorn.http.ProxiedConnection;
import io.jgunicorn.http.RequestBody;
import io.jgunicorn.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one call into Python carries: the values of the environ as positional arguments, because
 * nothing is then read across the border. The order is that of the parameters of {@code serve} in
 * wsgi.py. Keys and rules: PEP 3333, RFC 3875 section 4.1. Stateless but for a bounded cache of
 * header names; safe on any thread.
 */
final class EnvironArguments {
    /** Values before the header names and values. */
    private static final int FIXED = 14;

    /**
     * Names beyond this many are not remembered: a client must not fill the memory with made-up
     * ones.
     */
    private static final int MAX_CACHED_NAMES = 2000;

    private static final ConcurrentHashMap<String, String> CGI_NAMES = new ConcurrentHashMap<>();

    private EnvironArguments() {}

    /**
     * The arguments for a request.
     *
     * @param serverScriptName SCRIPT_NAME of the process environment, or empty; a trusted
     *     SCRIPT_NAME header wins
     * @throws ScriptNameMismatch if the path does not begin with SCRIPT_NAME
     */
    static Object[] of(
            WsgiRequest request, RequestHead head, RequestBody body, String serverScriptName)
            throws ScriptNameMismatch {
        List<RequestHead.Header> headers = head.headers();
        ArrayList<Object> arguments = new ArrayList<>(FIXED + 2 * headers.size());
        String scriptName = serverScriptName;
        for (int i = 0; i < FIXED; i++) {
            arguments.add(null);
        }
        for (int i = 0; i < headers.size(); i++) {
            RequestHead.Header header = headers.get(i);
            if (header.name().equals("SCRIPT_NAME")) {
                scriptName = header.value();
            }
            String key = cgiName(header.name());
            int known = indexOf(arguments, key);
            if (known < 0) {
                arguments.add(key);
                arguments.add(header.value());
            } else {
                arguments.set(known + 1, arguments.get(known + 1) + "," + header.value());
            }
        }
        String path = head.path();
        if (!scriptName.isEmpty()) {
            if (!path.startsWith(scriptName)) {
                throw new ScriptNameMismatch(path, scriptName);
            }
            path = path.substring(scriptName.length());
        }
        arguments.set(0, request);
        arguments.set(1, head.method());
        arguments.set(2, head.target());
        arguments.set(3, RequestHead.percentDecoded(path));
        arguments.set(4, scriptName);
        arguments.set(5, head.query());
        arguments.set(6, head.protocol());
        arguments.set(7, head.scheme());
        arguments.set(8, head.client());
        arguments.set(9, head.clientPort());
        arguments.set(10, head.serverName());
        arguments.set(11, head.serverPortUsed());
        switch (body) {
            case RequestBody.Empty() -> {}
            case RequestBody.InMemory(byte[] bytes) ->
                    arguments.set(12, new String(bytes, StandardCharsets.ISO_8859_1));
            case RequestBody.Spooled(var file, _) -> arguments.set(13, file.toString());
        }
        head.proxied().ifPresent(proxied -> addProxied(proxied, arguments));
        return arguments.toArray();
    }

    /** gunicorn's keys for what a PROXY protocol header said. */
    private static void addProxied(ProxiedConnection proxied, List<Object> arguments) {
        arguments.add("PROXY_PROTOCOL");
        arguments.add(proxied.protocol());
        arguments.add("PROXY_ADDR");
        arguments.add(proxied.proxy());
        arguments.add("PROXY_PORT");
        arguments.add(proxied.proxyPort());
    }

    private static int indexOf(List<Object> arguments, String key) {
        for (int i = FIXED; i < arguments.size(); i += 2) {
            if (key.equals(arguments.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * RFC 3875 section 4.1.18: HTTP_ and the name with underscores; the two entity headers have no
     * prefix.
     */
    static String cgiName(String headerName) {
        String known = CGI_NAMES.get(headerName);
        if (known != null) {
            return known;
        }
        String name = headerName.replace('-', '_');
        if (!name.equals("CONTENT_TYPE") && !name.equals("CONTENT_LENGTH")) {
            name = "HTTP_" + name;
        }
        if (CGI_NAMES.size() < MAX_CACHED_NAMES) {
            CGI_NAMES.put(headerName, name);
        }
        return name;
    }

    /**
     * The request's path lies outside the application: a mistake in the configuration of a proxy or
     * of SCRIPT_NAME.
     */
    static final class ScriptNameMismatch extends Exception {
        ScriptNameMismatch(String path, String scriptName) {
            super(
                    "Configuration problem: Request path '"
                            + path
                            + "' does not start with SCRIPT_NAME '"
                            + scriptName
                            + "'");
        }
    }
}
