package io.jgunicorn.supervisor;

import java.nio.file.Path;
import java.util.Optional;

/** The pidfile in use, if any; a reload may name another. Used by the master's thread only. */
final class PidFileSlot implements AutoCloseable {
    private Optional<PidFile> current = Optional.empty();

    /** Writes the file at the new place, then removes the old one. */
    void set(Optional<Path> path) throws StartFailure {
        Optional<PidFile> before = current;
        if (path.isPresent()) {
            current = Optional.of(PidFile.create(path.get(), ProcessHandle.current().pid()));
        } else {
            current = Optional.empty();
        }
        before.filter(old -> !path.equals(Optional.of(old.path()))).ifPresent(PidFile::close);
    }

    @Override
    public void close() {
        current.ifPresent(PidFile::close);
        current = Optional.empty();
    }
}
