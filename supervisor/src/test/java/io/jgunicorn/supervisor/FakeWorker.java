package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.control.ControlCodec;
import io.jgunicorn.control.ControlMessage;
import io.jgunicorn.control.ControlMessage.BootFailed;
import io.jgunicorn.control.ControlMessage.Configure;
import io.jgunicorn.control.ControlMessage.Drain;
import io.jgunicorn.control.ControlMessage.ListenersReceived;
import io.jgunicorn.control.ControlMessage.LoadApp;
import io.jgunicorn.control.ControlMessage.Quit;
import io.jgunicorn.control.ControlMessage.Ready;
import io.jgunicorn.control.ControlMessage.ReopenLogs;
import io.jgunicorn.control.ControlMessage.Serve;
import io.jgunicorn.control.ControlMessage.SetLogLevel;
import io.jgunicorn.control.ControlMessage.StacksTold;
import io.jgunicorn.control.ControlMessage.TellStacks;
import io.jgunicorn.control.ControlMessage.ToWorker;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker process without Python and HTTP, on plain calls: the control protocol as a worker has to
 * speak it. What it does is told by {@code wsgi_app}:
 *
 * <ul>
 *   <li>{@code ok}: answers each connection with its process id;
 *   <li>{@code broken}: cannot boot, exit code 3.
 * </ul>
 */
final class FakeWorker {
    private final Socket link = Socket.newSocketDomain();
    private final List<Integer> listeners = new ArrayList<>();

    private FakeWorker() {}

    public static void main(String[] arguments) throws IOException {
        Epoll.ensureAvailability();
        new FakeWorker().run(arguments[0], Integer.parseInt(arguments[2]));
    }

    /** The command line that starts one. */
    static List<String> command(
            ServerConfig.Workers workers, String controlAddress, long masterPid, int descriptors) {
        return List.of(
                JavaRuntime.current().command().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FakeWorker.class.getName(),
                controlAddress,
                Long.toString(masterPid),
                Integer.toString(descriptors));
    }

    private void run(String address, int descriptorCount) throws IOException {
        link.connect(new DomainSocketAddress("\0" + address.substring(1)));
        List<Integer> descriptors = new ArrayList<>();
        while (descriptors.size() < descriptorCount) {
            int fd = link.recvFd();
            if (fd > 0) {
                descriptors.add(fd);
            }
        }
        listeners.addAll(descriptors.subList(0, descriptorCount - 1)); // then the board
        send(new ListenersReceived());
        while (true) {
            handle(receive());
        }
    }

    private void handle(ToWorker message) throws IOException {
        switch (message) {
            case Configure configure -> {
                if (configure.settings().get("wsgi_app").equals("broken")) {
                    send(new BootFailed(3, "SyntaxError: invalid syntax"));
                    System.exit(3);
                }
                send(new Ready("fake"));
            }
            case Serve() ->
                    listeners.forEach(fd -> Thread.ofPlatform().daemon().start(() -> serve(fd)));
            case Drain(), Quit() -> System.exit(0);
            case LoadApp(), ReopenLogs(), SetLogLevel _ -> {}
            case TellStacks(long question) -> send(new StacksTold(question));
        }
    }

    private static void serve(int listener) {
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Socket server = new Socket(listener);
            while (true) {
                int fd = server.accept(new byte[26]);
                if (fd < 0) {
                    pause();
                    continue;
                }
                Socket client = new Socket(fd);
                client.write(ByteBuffer.allocateDirect(pid.length).put(pid).flip(), 0, pid.length);
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Netty's sockets never block: this stands for the epoll a real worker waits on. */
    private static void pause() {
        LockSupport.parkNanos(1_000_000);
    }

    private void send(ControlMessage message) throws IOException {
        byte[] payload = ControlCodec.encode(message);
        ByteBuffer frame = ByteBuffer.allocateDirect(payload.length + 4);
        frame.putInt(payload.length).put(payload).flip();
        while (frame.hasRemaining()) {
            int written = link.write(frame, frame.position(), frame.limit());
            frame.position(frame.position() + Math.max(0, written));
        }
    }

    private ToWorker receive() throws IOException {
        int length = read(4).getInt();
        byte[] payload = new byte[length];
        read(length).get(payload);
        return (ToWorker) ControlCodec.decode(payload);
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        while (buffer.hasRemaining()) {
            int count = link.read(buffer, buffer.position(), buffer.limit());
            if (count < 0) {
                System.exit(0); // the master is gone
            }
            if (count == 0) {
                pause();
            }
            buffer.position(buffer.position() + count);
        }
        return buffer.flip();
    }
}
