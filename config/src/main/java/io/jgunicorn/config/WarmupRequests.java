package io.jgunicorn.config;

import io.jgunicorn.config.value.InvalidValueException;
import io.jgunicorn.config.value.PyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what the {@code warmup} setting names. Stateless, any thread. */
public final class WarmupRequests {
    private static final String FILE = "file:";
    private static final long LARGEST_FILE = 1 << 20;

    private WarmupRequests() {}

    /**
     * The requests of all items, in order.
     *
     * @param items targets, each a GET, and {@code file:PATH}
     * @param chdir where relative paths start
     * @throws InvalidValueException if a file cannot be read or holds anything but requests; one
     *     sentence that names the item
     */
    public static List<WarmupRequest> read(List<String> items, Path chdir) {
        List<WarmupRequest> requests = new ArrayList<>();
        for (String item : items) {
            try {
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
        return List.copyOf(requests);
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
