package io.jgunicorn.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends bytes, says that there will be no more, and reads whatever a server answers until it closes
 * the connection.
 */
public final class Conversation {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
    private static final String END_OF_HEAD = "\r\n\r\n";

    private Conversation() {}

    /**
     * The answers, in order: the body of each with status 200, the status code of all others but
     * interim ones.
     *
     * @param bytes as ISO 8859-1 characters
     */
    public static List<String> answers(SocketAddress server, String bytes) throws IOException {
        List<String> answers = new ArrayList<>();
        String rest = everything(server, bytes);
        int end = rest.indexOf(END_OF_HEAD);
        while (end >= 0) {
            String head = rest.substring(0, end);
            rest = rest.substring(end + END_OF_HEAD.length());
            String code = head.substring(9, Math.min(12, head.length()));
            Matcher length = LENGTH.matcher(head);
            int body =
                    length.find() ? Math.min(Integer.parseInt(length.group(1)), rest.length()) : 0;
            if (code.equals("200")) {
                answers.add(rest.substring(0, body));
            } else if (!code.startsWith("1")) {
                answers.add(code);
            }
            rest = rest.substring(body);
            end = rest.indexOf(END_OF_HEAD);
        }
        return answers;
    }

    /**
     * All that comes back, as ISO 8859-1 characters.
     *
     * @param bytes as ISO 8859-1 characters
     */
    public static String everything(SocketAddress server, String bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(server);
            InputStream in = socket.getInputStream();
            try {
                socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                in.transferTo(answer);
            } catch (SocketException _) {
                // Reset: what has come before it counts.
                return answer.toString(ISO_8859_1);
            }
        }
        return answer.toString(ISO_8859_1);
    }
}
