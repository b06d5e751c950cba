package io.jgunicorn.http;

import io.jgunicorn.config.BindAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out what an inherited listening descriptor is bound to. Linux only, any thread. */
final class InheritedSocket {
    private InheritedSocket() {}

    /**
     * The kind of a descriptor's address, and the path of a Unix socket. A TCP address has port 0:
     * Netty knows the real one.
     */
    static BindAddress addressOf(int descriptor) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            String inode = link.substring(link.indexOf('[') + 1, link.length() - 1);
            for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
                String[] columns = line.trim().split("\\s+", 8);
                if (columns.length > 6 && columns[6].equals(inode)) {
                    return new BindAddress.UnixSocket(
                            Path.of(columns.length > 7 ? columns[7] : ""));
                }
            }
            return new BindAddress.Tcp("", 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
