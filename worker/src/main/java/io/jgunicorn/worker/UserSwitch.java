package io.jgunicorn.worker;

import io.jgunicorn.os.Identity;
import io.jgunicorn.os.LibC;
import io.jgunicorn.python.ContextOptions;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes the process run as the user and group of workers. Before Python is there. */
final class UserSwitch {
    /** Where the Python runtime finds its own files, or unpacks them. */
    private static final String RESOURCES = "polyglot.engine.userResourceCache";

    private UserSwitch() {}

    /**
     * Takes on the identity, and a folder for compiled modules of its own: that of the master's
     * user is out of reach, or would be shared between root and others.
     *
     * @param directory where the application runs
     * @throws IOException if there is a folder of that name that is not this user's, or the user
     *     cannot enter the directory
     * @throws io.jgunicorn.os.NativeCallException if the system refuses
     */
    static void to(Identity identity, Path directory) throws IOException {
        if (identity.isCurrent()) {
            return;
        }
        identity.assume();
        if (!Files.isExecutable(directory)) {
            throw new IOException("the folder '" + directory + "' cannot be entered");
        }
        String temporary = System.getenv().getOrDefault("TMPDIR", "");
        Path cache =
                ownFolder(
                        Path.of(temporary.isEmpty() ? "/tmp" : temporary)
                                .resolve("jgunicorn-cache-" + identity.uid()));
        System.setProperty(ContextOptions.CACHE_PROPERTY, cache.toString());
        String resources = System.getProperty(RESOURCES, "");
        if (!resources.isEmpty() && !Files.isReadable(Path.of(resources))) {
            System.setProperty(RESOURCES, cache.resolve("resources").toString());
        }
    }

    /** Whoever can write there decides what we run: it must be ours. */
    static Path ownFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException _) {
            if (!isOurs(folder)) {
                throw new IOException(
                        "'"
                                + folder
                                + "' is not a folder that only the user can write whom workers run"
                                + " as");
            }
        }
        return folder;
    }

    private static boolean isOurs(Path folder) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        int owner = (int) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
                && owner == LibC.geteuid()
                && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }
}
