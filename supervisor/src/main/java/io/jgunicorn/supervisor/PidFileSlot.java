package io.jgunicorn.supervisor;

import java.nio.file.Path;
import java.util.Optional;

/** The pidfile in use, if any; a reload may name another. Used by the master's thread only. */
final class PidFileSlot implements AutoCloseable {
    private static final String PROVISIONAL = ".2";

    private Optional<PidFile> current = Optional.empty();
    private Optional<Path> wanted = Optional.empty();
    private boolean provisional;

    /** While another master has the file of that name, this one's has {@code .2} behind it. */
    void beProvisional() {
        provisional = true;
    }

    /** The other master is gone: the file gets the name that was asked for. */
    void promote() throws StartFailure {
        provisional = false;
        set(wanted);
    }

    /** Writes the file at the new place, then removes the old one. */
    void set(Optional<Path> name) throws StartFailure {
        wanted = name;
        Optional<Path> path = provisional ? name.map(PidFileSlot::withSuffix) : name;
        Optional<PidFile> before = current;
        if (path.isPresent()) {
            current = Optional.of(PidFile.create(path.get(), ProcessHandle.current().pid()));
        } else {
            current = Optional.empty();
        }
        before.filter(old -> !path.equals(Optional.of(old.path()))).ifPresent(PidFile::close);
    }

    private static Path withSuffix(Path path) {
        return path.resolveSibling(path.getFileName() + PROVISIONAL);
    }

    @Override
    public void close() {
        current.ifPresent(PidFile::close);
        current = Optional.empty();
    }
}
