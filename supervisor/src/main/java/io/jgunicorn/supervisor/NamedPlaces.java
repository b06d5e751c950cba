package io.jgunicorn.supervisor;

import io.jgunicorn.config.BindAddress;
import io.jgunicorn.config.BindAddress.InheritedFd;
import io.jgunicorn.config.BindAddress.Tcp;
import io.jgunicorn.config.BindAddress.UnixSocket;
import io.jgunicorn.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the hosts, files and folders that a configuration names are there, as {@code
 * --check-config} wants to know. Nothing is bound, so that a running server is not in the way.
 * Stateless.
 */
final class NamedPlaces {
    private NamedPlaces() {}

    /** What would stop the start; all of it. */
    static List<String> errors(ServerConfig config) {
        List<String> errors = new ArrayList<>();
        for (BindAddress address : config.sockets().bind()) {
            switch (address) {
                case Tcp tcp -> unresolved(tcp).ifPresent(errors::add);
                case UnixSocket(Path path) -> unwritableFolder("bind", path).ifPresent(errors::add);
                case InheritedFd _ -> {} // whoever starts the server will bring it
            }
        }
        config.process()
                .pidFile()
                .flatMap(file -> unwritableFolder("pidfile", file))
                .ifPresent(errors::add);
        errors.addAll(LogFiles.unwritable(config.logging()));
        return errors;
    }

    /** What would start all the same, and is hardly meant; all of it. */
    static List<String> warnings(ServerConfig config) {
        List<String> warnings = new ArrayList<>();
        for (Path entry : config.process().pythonPath()) {
            if (!Files.exists(entry)) {
                warnings.add("pythonpath: there is no folder '" + entry + "'");
            }
        }
        config.process()
                .tmpUploadDir()
                .filter(folder -> !isWritable(folder))
                .ifPresent(
                        folder ->
                                warnings.add(
                                        "tmp_upload_dir: there is no folder '"
                                                + folder
                                                + "' that can be written"));
        return warnings;
    }

    private static Optional<String> unresolved(Tcp tcp) {
        try {
            var _ = Listener.resolve(tcp);
            return Optional.empty();
        } catch (BindFailure e) {
            return Optional.of("Error: bind: " + e.shownAddress() + ": " + e.getMessage());
        }
    }

    private static Optional<String> unwritableFolder(String setting, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && isWritable(folder)
                ? Optional.empty()
                : Optional.of(
                        "Error: "
                                + setting
                                + ": there is no folder for '"
                                + file
                                + "' that can be written");
    }

    private static boolean isWritable(Path folder) {
        return Files.isDirectory(folder) && Files.isWritable(folder);
    }
}
