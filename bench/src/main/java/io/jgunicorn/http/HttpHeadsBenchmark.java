package io.jgunicorn.http;

import io.jgunicorn.config.ServerConfig.RequestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the event loop does for a request without a body, and what the Python thread does for the
 * head of its response; with C1 only, as in a worker.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:TieredStopAtLevel=1")
public class HttpHeadsBenchmark {
    private static final String LOAD_GENERATOR = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";
    private static final String BROWSER =
            """
            GET /items/42?page=2&sort=name HTTP/1.1
            Host: www.example.org
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://www.example.org/items
            Connection: keep-alive
            Cookie: sessionid=0123456789abcdef0123456789abcdef; csrftoken=fedcba9876543210
            Upgrade-Insecure-Requests: 1

            """
                    .replace("\n", "\r\n");

    /** Who sends the request. */
    public enum Client {
        LOAD_GENERATOR,
        BROWSER
    }

    @Param public Client client;

    private final byte[] date =
            "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n".getBytes(StandardCharsets.US_ASCII);
    private ByteBuf request;
    private RequestDecoder decoder;
    private EmbeddedChannel channel;

    @Setup
    public void connect() {
        String text = client == Client.BROWSER ? BROWSER : LOAD_GENERATOR;
        request =
                Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer()
                                .writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
        HeadLimits limits = HeadLimits.of(new RequestLimits(4094, 100, 8190));
        decoder = new RequestDecoder(RequestDecoder.config(limits), new HeadScanner(limits, true));
        channel = new EmbeddedChannel(decoder);
    }

    /** Scanned, checked and decoded; the next request is let in. */
    @Benchmark
    public Object requestHead() {
        channel.writeInbound(request.duplicate());
        Object head = channel.readInbound();
        ReferenceCountUtil.release(channel.readInbound()); // the end of the message
        decoder.openGate();
        return head;
    }

    /** From what Python hands over to bytes. */
    @Benchmark
    public Object responseHead() {
        ResponseHeaders headers =
                ResponseHeaders.parse("Content-Type\ntext/plain\nContent-Length\n14", 2);
        return ResponseHead.of("HTTP/1.1", "200 OK", date, true, ResponseHead.AS_GIVEN, headers);
    }
}
