package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig;
import io.jgunicorn.log.LogFile;
import io.jgunicorn.os.GivenFile;
import io.jgunicorn.os.Identity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The log files of a configuration, which workers open themselves: made by the master, which may
 * more, and given to the user that workers run as. Stateless.
 */
final class LogFiles {
    private LogFiles() {}

    /**
     * Creates the files that are missing, and gives all to whom workers run as, if that is another.
     *
     * @throws StartFailure if one cannot be written, or cannot be given away
     */
    static void prepare(ServerConfig config) throws StartFailure {
        if (config.process().workers().isCurrent()) {
            each(config, LogFiles::create);
        } else {
            giveAway(config);
        }
    }

    /**
     * Gives the files to whom workers run as, the user of the master too: they were another's.
     *
     * @throws StartFailure if one cannot be written, or cannot be given away
     */
    static void giveAway(ServerConfig config) throws StartFailure {
        each(config, file -> GivenFile.log(file, config.process().workers()));
    }

    /**
     * Gives one more file to whom workers run as.
     *
     * @throws StartFailure if it cannot be written, or cannot be given away
     */
    static void giveAway(String file, Identity workers) throws StartFailure {
        try {
            GivenFile.log(Path.of(file), workers);
        } catch (IOException e) {
            throw new StartFailure(1, unwritable(file, e));
        }
    }

    private static void each(ServerConfig config, Use use) throws StartFailure {
        for (String name : named(config.logging())) {
            try {
                use.of(Path.of(name));
            } catch (IOException e) {
                throw new StartFailure(1, unwritable(name, e));
            }
        }
    }

    /** What is done to a file. */
    private interface Use {
        void of(Path file) throws IOException;
    }

    /** Those that could not be written by this user, in gunicorn's words; none is made. */
    static List<String> unwritable(ServerConfig.Logging logging) {
        List<String> unwritable = new ArrayList<>();
        for (String name : named(logging)) {
            Path file = Path.of(name).toAbsolutePath();
            if (Files.isDirectory(file)) {
                unwritable.add(unwritable(name, name + " is a folder"));
            } else if (Files.exists(file) && !Files.isWritable(file)) {
                unwritable.add(unwritable(name, name + " may not be written"));
            } else if (!Files.exists(file) && !isWritableFolder(file.getParent())) {
                unwritable.add(unwritable(name, "there is no folder for it that can be written"));
            }
        }
        return unwritable;
    }

    private static boolean isWritableFolder(Path folder) {
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    }

    /** In gunicorn's words. */
    static String unwritable(String name, IOException failure) {
        return unwritable(name, failure.getMessage());
    }

    private static String unwritable(String name, String reason) {
        return "Error: '%s' isn't writable [%s]".formatted(name, reason);
    }

    /** A FIFO is there already, and would be waited for here until somebody reads it. */
    private static void create(Path file) throws IOException {
        if (LogFile.isFifo(file)) {
            return;
        }
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    }

    private static List<String> named(ServerConfig.Logging logging) {
        return Stream.of(Optional.of(logging.errorLog()), logging.accessLog())
                .flatMap(Optional::stream)
                .filter(LogFile::isFile)
                .toList();
    }
}
