package io.jgunicorn.config;

import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what the {@code warmup} setting names. Stateless, any thread. */
public final class WarmupRequests {
    /** The item that stands for what running workers were asked lately. */
    public static final String RECENT = "recent";

    private static final String FILE = "file:";
    private static final long LARGEST_FILE = 1 << 20;

    private WarmupRequests() {}

    /**
     * The requests of all items, in order.
     *
     * @param items targets, each a GET, {@code file:PATH}, and {@link #RECENT}
     * @param chdir where relative paths start
     * @param recent heads of what running workers were asked lately; what other items name already
     *     is left out
     * @throws InvalidValueException if a file cannot be read or holds anything but requests; one
     *     sentence that names the item
     */
    public static List<WarmupRequest> read(List<String> items, Path chdir, List<String> recent) {
        List<WarmupRequest> requests = new ArrayList<>();
        for (String item : items) {
            try {
                if (item.equals(RECENT)) {
                    continue;
                }
                if (item.startsWith(FILE)) {
                    requests.addAll(
                            RequestFile.parse(text(chdir.resolve(item.substring(FILE.length())))));
                } else {
                    requests.add(
                            new WarmupRequest("GET " + item, "GET " + item + " HTTP/1.1\r\n\r\n"));
                }
            } catch (InvalidValueException e) {
                throw new InvalidValueException(
                        "warmup = " + PyText.repr(item) + " cannot be used: " + e.getMessage());
            }
        }
        if (items.contains(RECENT)) {
            addRecent(recent, requests);
        }
        return List.copyOf(requests);
    }

    private static void addRecent(List<String> recent, List<WarmupRequest> requests) {
        Set<String> named = requests.stream().map(WarmupRequest::name).collect(Collectors.toSet());
        for (String head : recent) {
            String line = head.substring(0, head.indexOf('\r'));
            String name = line.substring(0, line.lastIndexOf(' '));
            if (named.add(name)) {
                requests.add(new WarmupRequest(name, head));
            }
        }
    }

    private static String text(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidValueException(
                        "there is no file " + file + ", and relative paths start at chdir.");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new InvalidValueException("the file must not be larger than 1 MiB.");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new InvalidValueException("the file must be readable, but: " + e + ".");
        }
    }
}
