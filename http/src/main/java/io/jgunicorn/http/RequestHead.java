package io.jgunicorn.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the client asked. Texts hold bytes as ISO 8859-1 characters, as PEP 3333 wants them.
 *
 * @param method case as sent
 * @param target exactly as received (environ {@code RAW_URI})
 * @param path still percent-encoded, without query and fragment
 * @param query raw, without the question mark; empty if there is none
 * @param protocol {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param headers in order of arrival, repeats kept, names in upper case
 * @param scheme {@code http} or {@code https}
 * @param client address of the peer; empty on a Unix socket
 * @param clientPort port of the peer; empty on a Unix socket
 * @param server local address, or path of the Unix socket
 * @param serverPort local port; empty on a Unix socket
 * @param proxied what a PROXY protocol header said; client and port are then those it names
 */
public record RequestHead(
        String method,
        String target,
        String path,
        String query,
        String protocol,
        List<Header> headers,
        String scheme,
        String client,
        String clientPort,
        String server,
        String serverPort,
        Optional<ProxiedConnection> proxied) {

    /** Value of the first field of this name, which is in upper case. */
    Optional<String> firstValue(String name) {
        for (Header header : headers) {
            if (header.name().equals(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /** What can be told of a request whose line is all that is known. */
    static RequestHead ofLine(String line, Peer peer) {
        String[] words = line.split(" ", 3);
        String target = words.length > 1 ? words[1] : "-";
        int question = target.indexOf('?');
        return new RequestHead(
                words[0],
                target,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                words.length > 2 ? words[2] : "-",
                List.of(),
                "http",
                peer.client(),
                peer.clientPort(),
                peer.server(),
                peer.serverPort(),
                peer.proxied());
    }

    /** The same request, with this as its only Host field, in front of the others. */
    RequestHead withHost(String host) {
        List<Header> changed = new ArrayList<>(headers.size() + 1);
        changed.add(new Header("HOST", host));
        headers.stream().filter(header -> !header.name().equals("HOST")).forEach(changed::add);
        return new RequestHead(
                method,
                target,
                path,
                query,
                protocol,
                List.copyOf(changed),
                scheme,
                client,
                clientPort,
                server,
                serverPort,
                proxied);
    }

    /** One header field; the name in upper case as gunicorn's {@code req.headers} has it. */
    public record Header(String name, String value) {}

    /**
     * What the server is called: its address, or on a Unix socket the name the client used (RFC
     * 9110 section 7.2), or else the socket's path.
     */
    public String serverName() {
        String host = hostOnUnixSocket();
        int port = portIn(host);
        if (host.isEmpty()) {
            return server;
        }
        return port < 0 ? host : host.substring(0, port - 1);
    }

    /** The port that goes with {@link #serverName}; empty on a Unix socket without Host. */
    public String serverPortUsed() {
        String host = hostOnUnixSocket();
        int port = portIn(host);
        if (host.isEmpty()) {
            return serverPort;
        }
        if (port >= 0) {
            return host.substring(port);
        }
        return scheme.equals("https") ? "443" : "80";
    }

    private String hostOnUnixSocket() {
        return serverPort.isEmpty() ? firstValue("HOST").orElse("") : "";
    }

    /** Where the port begins, after its colon; -1 without one. */
    private static int portIn(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? colon + 1 : -1;
    }

    /** Decodes %XX to one character per byte; malformed escapes and plus signs stay (RFC 3986). */
    public static String percentDecoded(String path) {
        return Octets.percentDecoded(path);
    }
}
