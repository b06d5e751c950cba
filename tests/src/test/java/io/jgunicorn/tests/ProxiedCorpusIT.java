package io.jgunicorn.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.http.CorpusCase;
import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.Need;
import io.jgunicorn.testkit.ProxyProcess;
import io.jgunicorn.testkit.RawHttp;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The corpus of requests through real proxies, each of which keeps connections to the server open:
 * no request may reach the application that the proxy did not mean to send.
 *
 * <p>What it meant to send is known from its log: it puts an id of its own into every request it
 * forwards, in place of any that came with it, and logs the id with method and target. The
 * application writes down what it gets, so that requests count whose answers nobody reads.
 */
@Tag("product")
class ProxiedCorpusIT {
    /** Longer than any time limit of a proxy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of each, so many at least through every proxy; else the test has proved nothing. */
    private static final int ENOUGH = 50;

    /** Allowed if the proxy takes it for a request, and then gives it another id. */
    private static final String SMUGGLED =
            "GET /smuggled HTTP/1.1\r\nHost: x\r\nX-Proxy-Id: forged\r\n\r\n";

    private static final String LAST_CHUNK = "0\r\n\r\n";

    /** Framed as it should be: there is no proxy but forwards it. */
    private static final List<String> CARRIERS =
            List.of(
                    carrier("Content-Length: " + SMUGGLED.length(), SMUGGLED),
                    carrier("Transfer-Encoding: chunked", inChunksOf(SMUGGLED.length())),
                    carrier("Transfer-Encoding: chunked", inChunksOf(1)));

    private static final Set<String> ABOUT_FRAMING =
            Set.of("fields", "length", "transfer-encoding", "chunks", "cve");

    /** What is put into the heads of the corpus, with bodies that do not end where some believe. */
    private static final List<Framing> FRAMINGS =
            List.of(
                    new Framing(
                            "Content-Length: " + (LAST_CHUNK + SMUGGLED).length(),
                            LAST_CHUNK + SMUGGLED),
                    // The line with the size of the chunk, and no more.
                    new Framing("Content-Length: 4", inChunksOf(SMUGGLED.length())),
                    new Framing("Transfer-Encoding: chunked", LAST_CHUNK + SMUGGLED),
                    new Framing("Transfer-Encoding: chunked", inChunksOf(SMUGGLED.length())));

    /** Id, status, method and target, bytes as they are. */
    private static final Pattern LOGGED =
            Pattern.compile("([0-9a-f-]{32,36}) (\\S*) (\\S*) (.*)", Pattern.DOTALL);

    /** To whom the proxy gives an answer, and what the application says in it. */
    private static final Pattern ANSWER =
            Pattern.compile(
                    "\r\nx-proxy-id: (\\S*)\r\n(?:[^\r\n]+\r\n)*\r\nproxied ([^\n]*)\n",
                    Pattern.CASE_INSENSITIVE);

    @RegisterExtension static final Servers SERVERS = new Servers();

    /** A proxy and how it is set up. */
    enum Proxy {
        NGINX("nginx"),
        /** Passes a body on while it arrives, chunked if it came so. */
        NGINX_STREAMING("nginx"),
        HAPROXY("haproxy"),
        /** Lets through what it would refuse. */
        HAPROXY_LENIENT("haproxy");

        private final String program;

        Proxy(String program) {
            this.program = program;
        }

        ProxyProcess start(Path directory, int port) throws IOException {
            Path front = ProxyProcess.front(directory);
            return switch (this) {
                case NGINX -> ProxyProcess.nginx(directory, nginx(port, front, "on"));
                case NGINX_STREAMING -> ProxyProcess.nginx(directory, nginx(port, front, "off"));
                case HAPROXY -> ProxyProcess.haproxy(directory, haproxy(port, front, "no option"));
                case HAPROXY_LENIENT ->
                        ProxyProcess.haproxy(directory, haproxy(port, front, "option"));
            };
        }
    }

    /** A line of a head, without its end, and a body that may go with it. */
    private record Framing(String field, String body) {}

    /** What a proxy has logged of a request. */
    private record Sent(String status, String method, String target) {}

    /**
     * What the application has written down of a request.
     *
     * @param connection the port at the proxy's end
     * @param id all there were, with commas between them
     */
    private record Seen(
            String connection,
            String length,
            String sha256,
            String method,
            String target,
            String id) {
        static Seen of(String line) {
            String[] words = line.split("\t", 6);
            return new Seen(words[0], words[1], words[2], words[3], words[4], words[5]);
        }
    }

    /**
     * What clients were answered.
     *
     * @param askers by id the case whose client got the application's answer
     * @param astray answers that were given to another request
     */
    private record Answers(Map<String, String> askers, List<String> astray) {}

    @ParameterizedTest
    @EnumSource
    void applicationGetsOnlyWhatTheProxyMeantToSend(Proxy kind, @TempDir Path directory)
            throws IOException {
        Need.program(kind.program);
        ServerProcess server =
                SERVERS.start(
                        Launch.app("proxied_echo:app")
                                .env("SEEN_REQUESTS", "seen.log")
                                .args("-k", "gthread", "--threads", "4", "--keep-alive", "60"));
        server.awaitReady(1);
        Path seenLog = server.directory().resolve("seen.log");
        // The request that found the server ready had no proxy.
        Files.delete(seenLog);

        Answers answers;
        Map<String, Sent> sent;
        int port = ((InetSocketAddress) server.address()).getPort();
        try (ProxyProcess proxy = kind.start(directory, port)) {
            answers = converse(proxy.address());
            proxy.stop();
            sent = sent(proxy.accessLog());
        }
        server.signal("TERM");
        assertThat(server.awaitExit()).isZero();
        List<Seen> seen = Files.readAllLines(seenLog, ISO_8859_1).stream().map(Seen::of).toList();

        assertThat(strangers(seen, sent, answers.askers())).isEmpty();
        assertThat(answers.astray()).isEmpty();
        assertThat(sent.values())
                .as("what the proxy thinks it has sent whole, and the server waited for more of")
                .extracting(Sent::status)
                .doesNotContain("504");
        assertThat(seen)
                .filteredOn(one -> one.target().equals("/carrier"))
                .as("bodies in which a request seems to be")
                .hasSizeGreaterThanOrEqualTo(CARRIERS.size())
                .extracting(Seen::sha256)
                .containsOnly(Requests.sha256(SMUGGLED));
        assertThatEnoughWasSeen(seen, answers.askers());
    }

    private static void assertThatEnoughWasSeen(List<Seen> seen, Map<String, String> askers)
            throws IOException {
        Set<String> answered = new HashSet<>(askers.values());
        assertThat(CorpusCase.all())
                .filteredOn(one -> answered.contains(one.toString()))
                .as("cases of the corpus, as they are, that reached the application")
                .hasSizeGreaterThanOrEqualTo(ENOUGH);
        assertThat(seen)
                .extracting(Seen::target)
                .as("at least the one that is sent alone is no smuggled one")
                .contains("/smuggled");
        long connections = seen.stream().map(Seen::connection).distinct().count();
        assertThat(seen.size() - connections)
                .as("requests on connections that had served others before")
                .isGreaterThanOrEqualTo(ENOUGH);
    }

    /** What the application should not have seen, why, and what had come before it. */
    private static List<String> strangers(
            List<Seen> seen, Map<String, Sent> sent, Map<String, String> askers) {
        List<String> strangers = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Map<String, Seen> latest = new HashMap<>();
        for (Seen one : seen) {
            Optional<Seen> before = Optional.ofNullable(latest.put(one.connection(), one));
            String problem = ids.add(one.id()) ? problem(one, sent) : "has come before";
            if (!problem.isEmpty()) {
                String behind =
                        before.map(it -> it + " of " + askers.getOrDefault(it.id(), "whoever"))
                                .orElse("nothing on its connection");
                strangers.add(one + " " + problem + "; behind " + behind);
            }
        }
        return strangers;
    }

    /** Two ids, or none, are not in the log either. */
    private static String problem(Seen one, Map<String, Sent> log) {
        Sent sent = log.get(one.id());
        if (sent == null) {
            return "has no id of the proxy";
        }
        boolean same = sent.method().equals(one.method()) && sent.target().equals(one.target());
        return same ? "" : "was " + sent + " to the proxy";
    }

    /** By id; fails if the proxy has used an id twice. */
    private static Map<String, Sent> sent(List<String> log) {
        return log.stream()
                .map(LOGGED::matcher)
                .filter(Matcher::matches)
                .collect(
                        Collectors.toMap(
                                line -> line.group(1),
                                line -> new Sent(line.group(2), line.group(3), line.group(4))));
    }

    /** Sends everything, each on a connection of its own. */
    private static Answers converse(SocketAddress proxy) throws IOException {
        Answers answers = new Answers(new HashMap<>(), new ArrayList<>());
        for (Map.Entry<String, String> request : requests().entrySet()) {
            String name = request.getValue();
            Matcher answer = ANSWER.matcher(exchange(proxy, name, request.getKey()));
            while (answer.find()) {
                answers.askers().put(answer.group(2), name);
                if (!answer.group(1).equals(answer.group(2))) {
                    answers.astray().add(name + ": " + CorpusCase.escaped(answer.group()));
                }
            }
        }
        return answers;
    }

    /** All that is answered to a client that says everything, and then that it has finished. */
    private static String exchange(SocketAddress proxy, String name, String bytes) {
        try (RawHttp http = RawHttp.connect(proxy, PATIENCE)) {
            http.send(bytes).finishSending();
            return http.readToEnd();
        } catch (SocketTimeoutException e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
        } catch (IOException _) {
            // Refused before all was read: with the connection the answer is lost, too.
            return "";
        }
    }

    /** Bytes to send, each once, and what they are. */
    private static Map<String, String> requests() throws IOException {
        Map<String, String> requests = new LinkedHashMap<>();
        for (CorpusCase one : CorpusCase.all()) {
            requests.putIfAbsent(one.bytes(), one.toString());
        }
        for (CorpusCase one : CorpusCase.all()) {
            requests.putIfAbsent(one.bytes() + SMUGGLED, one + ", another behind it");
            if (ABOUT_FRAMING.contains(one.file())) {
                reframed(one.bytes())
                        .forEach(bytes -> requests.putIfAbsent(bytes, one + ", another body"));
            }
        }
        for (String carrier : CARRIERS) {
            requests.putIfAbsent(carrier, "carrier");
            requests.putIfAbsent(carrier + SMUGGLED, "carrier, another behind it");
        }
        return requests;
    }

    /** The head of a request with other bodies, and with lines that say where these end. */
    private static List<String> reframed(String bytes) {
        List<String> variants = new ArrayList<>();
        int line = bytes.indexOf("\r\n") + 2;
        int head = bytes.indexOf("\r\n\r\n") + 2;
        if (head >= line && line >= 2) {
            String start = bytes.substring(0, line);
            String fields = bytes.substring(line, head);
            variants.add(start + fields + "\r\n" + SMUGGLED);
            for (Framing framing : FRAMINGS) {
                String field = framing.field() + "\r\n";
                variants.add(start + field + fields + "\r\n" + framing.body());
                variants.add(start + fields + field + "\r\n" + framing.body());
            }
        }
        return variants;
    }

    private static String carrier(String framing, String body) {
        return "POST /carrier HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n" + body;
    }

    private static String inChunksOf(int size) {
        return Requests.chunks(SMUGGLED, size) + LAST_CHUNK;
    }

    /** Lets through as much as nginx can be told to; nothing is sent twice. */
    private static String nginx(int port, Path front, String buffering) {
        return """
        daemon off;
        master_process off;
        user root;
        error_log stderr info;
        pid nginx.id;
        events { worker_connections 100; }
        http {
            log_format sent escape=none
                "$request_id $upstream_status $request_method $request_uri";
            access_log access.log sent;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            client_header_timeout 5s;
            client_body_timeout 5s;
            client_max_body_size 0;
            large_client_header_buffers 8 128k;
            ignore_invalid_headers off;
            underscores_in_headers on;
            merge_slashes off;
            upstream app { server 127.0.0.1:%d fail_timeout=0; keepalive 8; }
            server {
                listen unix:%s;
                location / {
                    proxy_http_version 1.1;
                    proxy_request_buffering %s;
                    proxy_ignore_client_abort on;
                    proxy_next_upstream off;
                    proxy_read_timeout 30s;
                    proxy_set_header Connection "";
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Proxy-Id $request_id;
                    add_header X-Proxy-Id $request_id always;
                    proxy_pass http://app;
                }
            }
        }
        """
                .formatted(port, front, buffering);
    }

    /** Buffers that hold every case whole. */
    private static String haproxy(int port, Path front, String lenient) {
        return """
        global
            nbthread 1
            maxconn 100
            hard-stop-after 30s
            tune.bufsize 262144
            tune.http.maxhdr 1000
            log stdout len 65535 format raw local0
        defaults
            mode http
            log global
            timeout connect 10s
            timeout client 30s
            timeout http-request 5s
            timeout server 30s
        frontend front
            bind unix@%s
            %s accept-invalid-http-request
            http-request set-var(txn.id) uuid()
            http-request set-var(txn.target) url
            http-request set-header X-Proxy-Id %%[var(txn.id)]
            http-response set-header X-Proxy-Id %%[var(txn.id)]
            log-format "%%[var(txn.id)] %%ST %%HM %%[var(txn.target)]"
            default_backend back
        backend back
            http-reuse always
            server app 127.0.0.1:%d
        """
                .formatted(front, lenient, port);
    }
}
