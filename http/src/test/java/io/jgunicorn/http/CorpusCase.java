package io.jgunicorn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes a client sends, and what must become of them; the format is in corpus/README.md.
 *
 * @param source where the rule comes from
 * @param bytes as ISO 8859-1 characters
 * @param verdict what the application gets, in order, and how it ends
 */
public record CorpusCase(
        String file, String name, String source, String bytes, List<String> verdict) {
    private static final List<String> FILES =
            List.of(
                    "request-line",
                    "fields",
                    "length",
                    "transfer-encoding",
                    "chunks",
                    "connection",
                    "cve");

    private static final Pattern REPEAT = Pattern.compile("\\{(.*?)\\*(\\d+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|([rnt]))");

    /** All cases of the corpus. */
    public static List<CorpusCase> all() throws IOException {
        List<CorpusCase> cases = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in =
                    CorpusCase.class.getResourceAsStream("/corpus/" + file + ".txt")) {
                cases.addAll(parse(file, new String(in.readAllBytes(), UTF_8)));
            }
        }
        return cases;
    }

    private static List<CorpusCase> parse(String file, String text) {
        List<CorpusCase> cases = new ArrayList<>();
        String name = "";
        String source = "";
        StringBuilder bytes = new StringBuilder();
        List<String> verdict = new ArrayList<>();
        for (String line : (text + "\n[end]").split("\n", -1)) {
            if (line.startsWith("[")) {
                if (!verdict.isEmpty()) {
                    cases.add(
                            new CorpusCase(
                                    file, name, source, bytes.toString(), List.copyOf(verdict)));
                }
                int end = line.indexOf(']');
                name = line.substring(1, end);
                source = line.substring(end + 1).strip();
                bytes.setLength(0);
                verdict.clear();
            } else if (line.startsWith(">>")) {
                bytes.append(unescaped(line.substring(Math.min(3, line.length()))));
            } else if (line.startsWith(">")) {
                bytes.append(unescaped(line.substring(Math.min(2, line.length())))).append("\r\n");
            } else if (line.startsWith("= ")) {
                verdict.add(unescaped(line.substring(2)));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalArgumentException(file + ": what is this? " + line);
            }
        }
        return cases;
    }

    private static String unescaped(String text) {
        String whole =
                REPEAT.matcher(text)
                        .replaceAll(
                                match ->
                                        Matcher.quoteReplacement(
                                                match.group(1)
                                                        .repeat(Integer.parseInt(match.group(2)))));
        return ESCAPE.matcher(whole)
                .replaceAll(match -> Matcher.quoteReplacement(character(match)));
    }

    private static String character(MatchResult escape) {
        if (escape.group(1) != null) {
            return new String(
                    new byte[] {(byte) Integer.parseInt(escape.group(1), 16)}, ISO_8859_1);
        }
        return switch (escape.group(2)) {
            case "r" -> "\r";
            case "n" -> "\n";
            default -> "\t";
        };
    }

    /** Text as it would be written in the corpus: one line of printable ASCII. */
    public static String escaped(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        line.append(String.format("\\x%02x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.toString();
    }

    @Override
    public String toString() {
        return file + ": " + name;
    }
}
