package io.jgunicorn.os;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Gives files to another user where that user may write the folder and could put something else in
 * their place at any moment: the file is held open, looked at, and given as the one that it is, not
 * as whatever has its name. What is not as expected is left alone. Stateless. Linux only.
 */
public final class GivenFile {
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int S_IFSOCK = 0140000;
    private static final int ENXIO = 6;
    private static final int ELOOP = 40;

    private GivenFile() {}

    /**
     * Makes a file to append to if it is missing, and gives it away. Left alone: a symbolic link, a
     * file with a second name, and what is no regular file.
     *
     * @throws IOException if it cannot be written, or cannot be given away
     */
    public static void log(Path file, Identity owner) throws IOException {
        try {
            give(Descriptors.openToAppend(file.toString()), S_IFREG, owner);
        } catch (NativeCallException e) {
            if (e.errno() != ELOOP && e.errno() != ENXIO) {
                throw failure(file, e);
            }
        }
    }

    /**
     * Gives the file of a Unix socket away. Left alone: what is none.
     *
     * @throws IOException if there is nothing, or it cannot be given away
     */
    public static void socket(Path file, Identity owner) throws IOException {
        try {
            give(Descriptors.openAsPath(file.toString()), S_IFSOCK, owner);
        } catch (NativeCallException e) {
            throw failure(file, e);
        }
    }

    private static void give(int descriptor, int type, Identity owner) {
        try {
            Descriptors.FileState state = Descriptors.stateOf(descriptor);
            if ((state.mode() & S_IFMT) == type && state.links() == 1) {
                Descriptors.chown(descriptor, owner.uid(), owner.gid());
            }
        } finally {
            Descriptors.close(descriptor);
        }
    }

    private static IOException failure(Path file, NativeCallException failure) {
        IOException told = new FileSystemException(file.toString(), null, failure.getMessage());
        told.initCause(failure);
        return told;
    }
}
