package io.jgunicorn.control;

import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.Heartbeat;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.Load;
import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.RecentRequests;
import io.jgunicorn.control.ControlMessage.ReopenLogs;
import io.jgunicorn.control.ControlMessage.ReplaceMe;
import io.jgunicorn.control.ControlMessage.RequestTimedOut;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.control.ControlMessage.SetLogLevel;
import io.jgunicorn.control.ControlMessage.StackTold;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.control.ControlMessage.TellStacks;
import io.jgunicorn.log.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@link ControlMessage} to bytes and back. A payload is one type byte and the fields in order,
 * big-endian; on the wire each payload follows its length as an unsigned 32-bit number ({@link
 * #LENGTH_BYTES}, at most {@link #MAX_PAYLOAD}). Stateless, safe on any thread.
 */
public final class ControlCodec {
    /** Size of the length that precedes a payload, in bytes. */
    public static final int LENGTH_BYTES = 4;

    /** Longest payload either side accepts, in bytes. Configurations are far smaller. */
    public static final int MAX_PAYLOAD = 1 << 20;

    /**
     * Longest text from a worker, in characters. The sender cuts what is longer (a stack, the
     * reason of a failure), so that no message breaks the link.
     */
    static final int MAX_TEXT = 1 << 16;

    private ControlCodec() {}

    /** The payload of a message, without its length. */
    public static byte[] encode(ControlMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(message, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a byte array does not fail
        }
        return bytes.toByteArray();
    }

    /**
     * The message a payload holds.
     *
     * @throws IllegalArgumentException if the bytes are no message: the peer is not one of ours
     */
    public static ControlMessage decode(byte[] payload) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
            ControlMessage message = read(in);
            if (in.available() != 0) {
                throw new IllegalArgumentException(
                        "control message with " + in.available() + " bytes too many: " + message);
            }
            return message;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "control message cut short after " + payload.length + " bytes", e);
        }
    }

    private static void write(ControlMessage message, DataOutputStream out) throws IOException {
        switch (message) {
            case Configure(
                            var age,
                            var listeners,
                            var settings,
                            var configSource,
                            var hooks,
                            var recent) -> {
                out.writeByte(1);
                out.writeLong(age);
                writeValue(listeners, out);
                writeValue(settings, out);
                writeText(configSource, out);
                writeValue(List.copyOf(hooks), out);
                writeValue(recent, out);
            }
            case Serve() -> out.writeByte(2);
            case Drain() -> out.writeByte(3);
            case Quit() -> out.writeByte(4);
            case ReopenLogs() -> out.writeByte(5);
            case LoadApp() -> out.writeByte(6);
            case SetLogLevel(var level) -> {
                out.writeByte(7);
                writeText(level.name(), out);
            }
            case TellStacks(var question) -> {
                out.writeByte(8);
                out.writeLong(question);
            }
            case ListenersReceived() -> out.writeByte(64);
            case Ready(var runtime) -> {
                out.writeByte(65);
                writeCut(runtime, out);
            }
            case Heartbeat(var requests, var busyThreads, var connections, var load) -> {
                out.writeByte(66);
                out.writeLong(requests);
                out.writeInt(busyThreads);
                out.writeInt(connections);
                out.writeDouble(load.busy());
                out.writeDouble(load.waiting());
                out.writeLong(load.residentBytes());
            }
            case ReplaceMe(var reason) -> {
                out.writeByte(67);
                writeCut(reason, out);
            }
            case RequestTimedOut(var request, var seconds) -> {
                out.writeByte(68);
                writeCut(request, out);
                out.writeDouble(seconds);
            }
            case RecentRequests(var heads) -> {
                out.writeByte(70);
                writeValue(heads, out);
            }
            case StackTold(var question, var stack) -> {
                out.writeByte(71);
                out.writeLong(question);
                ThreadStackCodec.write(stack, out);
            }
            case StacksTold(var question) -> {
                out.writeByte(72);
                out.writeLong(question);
            }
            case BootFailed(var exitCode, var reason) -> {
                out.writeByte(69);
                out.writeInt(exitCode);
                writeCut(reason, out);
            }
        }
    }

    private static ControlMessage read(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case 1 -> {
                long age = in.readLong();
                List<String> listeners = asList(readValue(in));
                Map<String, Object> settings = asMap(readValue(in));
                String configSource = readText(in);
                Set<String> hooks = new TreeSet<>(asList(readValue(in)));
                List<String> recent = asList(readValue(in));
                yield new Configure(age, listeners, settings, configSource, hooks, recent);
            }
            case 2 -> new Serve();
            case 3 -> new Drain();
            case 4 -> new Quit();
            case 5 -> new ReopenLogs();
            case 6 -> new LoadApp();
            case 7 -> new SetLogLevel(LogLevel.valueOf(readText(in)));
            case 8 -> new TellStacks(in.readLong());
            case 64 -> new ListenersReceived();
            case 65 -> new Ready(readText(in));
            case 66 ->
                    new Heartbeat(
                            in.readLong(),
                            in.readInt(),
                            in.readInt(),
                            new Load(in.readDouble(), in.readDouble(), in.readLong()));
            case 67 -> new ReplaceMe(readText(in));
            case 68 -> new RequestTimedOut(readText(in), in.readDouble());
            case 69 -> new BootFailed(in.readInt(), readText(in));
            case 70 -> new RecentRequests(asList(readValue(in)));
            case 71 -> new StackTold(in.readLong(), ThreadStackCodec.read(in));
            case 72 -> new StacksTold(in.readLong());
            default ->
                    throw new IllegalArgumentException("control message of unknown type " + type);
        };
    }

    private static void writeValue(Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case null -> out.writeByte('N');
            case String text -> {
                out.writeByte('S');
                writeText(text, out);
            }
            case Long number -> {
                out.writeByte('L');
                out.writeLong(number);
            }
            case Boolean flag -> {
                out.writeByte('B');
                out.writeBoolean(flag);
            }
            case List<?> list -> {
                out.writeByte('I');
                out.writeInt(list.size());
                for (Object item : list) {
                    writeText((String) item, out);
                }
            }
            case Map<?, ?> map -> {
                out.writeByte('M');
                out.writeInt(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    writeText((String) entry.getKey(), out);
                    writeValue(entry.getValue(), out);
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "no control form for a " + value.getClass().getName());
        }
    }

    private static Object readValue(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case 'N' -> null;
            case 'S' -> readText(in);
            case 'L' -> in.readLong();
            case 'B' -> in.readBoolean();
            case 'I' -> {
                int size = readSize(in);
                List<String> list = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    list.add(readText(in));
                }
                yield list;
            }
            case 'M' -> {
                int size = readSize(in);
                Map<String, Object> map = new TreeMap<>();
                for (int i = 0; i < size; i++) {
                    String key = readText(in);
                    map.put(key, readValue(in));
                }
                yield map;
            }
            default -> throw new IllegalArgumentException("control value of unknown type " + type);
        };
    }

    static int readSize(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MAX_PAYLOAD) {
            throw new IllegalArgumentException("control value with " + size + " items");
        }
        return size;
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writeCut(String text, DataOutputStream out) throws IOException {
        writeCut(text, MAX_TEXT, out);
    }

    /** Writes no more than the first characters of a text, and says so. */
    static void writeCut(String text, int most, DataOutputStream out) throws IOException {
        if (text.length() <= most) {
            writeText(text, out);
            return;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        int cut = text.length() - end;
        writeText(text.substring(0, end) + "\n... (" + cut + " characters cut)", out);
    }

    static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(readSize(in)), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // written by writeValue from a List of String
    private static List<String> asList(Object value) {
        if (value instanceof List<?> list) {
            return (List<String>) list;
        }
        throw new IllegalArgumentException("control value is no list: " + value);
    }

    @SuppressWarnings("unchecked") // written by writeValue with String keys
    private static Map<String, Object> asMap(Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("control value is no map: " + value);
    }
}
