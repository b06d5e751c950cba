package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.os.Identity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The log files of a configuration, which workers open themselves: made by the master, which may
 * more, and given to the user that workers run as. Stateless.
 */
final class LogFiles {
    private LogFiles() {}

    /**
     * Creates the files that are missing.
     *
     * @throws StartFailure if one cannot be written, or cannot be given away
     */
    static void prepare(ServerConfig config) throws StartFailure {
        Identity workers = config.process().workers();
        for (String name : named(config.logging())) {
            Path file = Path.of(name);
            try {
                if (workers.isCurrent()) {
                    create(file);
                } else if (!Files.isSymbolicLink(file)) {
                    createFor(workers, file);
                }
            } catch (IOException e) {
                throw new StartFailure(1, unwritable(name, e));
            }
        }
    }

    /**
     * Gives the files to whom workers run as, the user of the master too: they were another's.
     *
     * @throws StartFailure if one cannot be written, or cannot be given away
     */
    static void giveAway(ServerConfig config) throws StartFailure {
        for (String name : named(config.logging())) {
            Path file = Path.of(name);
            try {
                if (!Files.isSymbolicLink(file)) {
                    createFor(config.process().workers(), file);
                }
            } catch (IOException e) {
                throw new StartFailure(1, unwritable(name, e));
            }
        }
    }

    /** In gunicorn's words. */
    static String unwritable(String name, IOException failure) {
        return "Error: '%s' isn't writable [%s]".formatted(name, failure.getMessage());
    }

    /**
     * The folder may be the workers', and a link in it lead to what is root's: none is followed,
     * and a file with a second name is not given away.
     */
    private static void createFor(Identity workers, Path file) throws IOException {
        create(file, LinkOption.NOFOLLOW_LINKS);
        boolean one = (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
        if (one && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            workers.own(file);
        }
    }

    private static void create(Path file, LinkOption... links) throws IOException {
        Set<OpenOption> options =
                new HashSet<>(List.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        options.addAll(List.of(links));
        FileChannel.open(file, options).close();
    }

    private static List<String> named(ServerConfig.Logging logging) {
        return Stream.of(Optional.of(logging.errorLog()), logging.accessLog())
                .flatMap(Optional::stream)
                .filter(LogFile::isFile)
                .toList();
    }
}
