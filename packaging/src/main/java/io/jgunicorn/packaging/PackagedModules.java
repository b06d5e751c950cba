package io.jgunicorn.packaging;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packaged modules ({@code .jmod} files) of the JDK that runs this, for {@code jlink}. Most JDKs of
 * today ship none (JEP 493): then they are written anew from the run-time image and from its record
 * of which file belongs to which module. Only so can a module of the JDK be left out and come from
 * elsewhere, as the Graal compiler does.
 */
final class PackagedModules {
    /** What a {@code .jmod} file begins with; a zip file follows. */
    private static final byte[] MAGIC = {'J', 'M', 1, 0};

    /** Where the parts of a JDK stand in a {@code .jmod} file; they have the same names there. */
    private static final Set<String> SECTIONS = Set.of("lib", "conf", "bin", "legal", "include");

    /** Classes {@code jlink} makes itself and refuses to find. */
    private static final Pattern GENERATED =
            Pattern.compile(
                    "java/lang/invoke/BoundMethodHandle\\$Species_.+\\.class"
                            + "|jdk/internal/module/SystemModules\\$.+\\.class");

    private static final String FILES_OF_MODULE =
            "/modules/jdk.jlink/jdk/tools/jlink/internal/runtimelink/fs_%s_files";

    private final Path jdk;
    private final FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));

    /**
     * @param jdk the home of the JDK that runs this
     */
    PackagedModules(Path jdk) {
        this.jdk = jdk;
    }

    /**
     * A folder with the packaged modules: the JDK's own, or the given one with those of the given
     * names written into it.
     *
     * @throws IOException if the JDK has neither packaged modules nor the record they are made from
     */
    Path provide(Set<String> names, Path folder) throws IOException {
        Path own = jdk.resolve("jmods");
        if (!ModuleFinder.of(own).findAll().isEmpty()) {
            return own;
        }
        if (!Files.exists(image.getPath(FILES_OF_MODULE.formatted("java.base")))) {
            throw new IOException(jdk + " has no jmods folder and cannot be linked from itself");
        }
        Files.createDirectories(folder);
        try {
            names.parallelStream().forEach(name -> write(name, folder));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return folder;
    }

    private void write(String module, Path folder) {
        try (OutputStream file =
                new BufferedOutputStream(
                        Files.newOutputStream(folder.resolve(module + ".jmod")), 1 << 16)) {
            file.write(MAGIC);
            ZipOutputStream zip = new ZipOutputStream(file);
            zip.setLevel(Deflater.NO_COMPRESSION);
            writeClasses(image.getPath("/modules", module), zip);
            writeFiles(image.getPath(FILES_OF_MODULE.formatted(module)), zip);
            zip.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeClasses(Path root, ZipOutputStream zip) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String name = root.relativize(path).toString();
                if (!GENERATED.matcher(name).matches()) {
                    entry(zip, "classes/" + name, path);
                }
            }
        }
    }

    /** Each line names one file: type, hash, link target and path, with bars between. */
    private void writeFiles(Path record, ZipOutputStream zip) throws IOException {
        if (!Files.exists(record)) {
            return; // a module of classes alone
        }
        for (String line : Files.readString(record, StandardCharsets.UTF_8).lines().toList()) {
            String path = line.substring(line.lastIndexOf('|') + 1);
            Path file = jdk.resolve(path);
            if (SECTIONS.contains(path.substring(0, path.indexOf('/'))) && Files.exists(file)) {
                entry(zip, path, file);
            }
        }
    }

    private static void entry(ZipOutputStream zip, String name, Path content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(content, zip);
        zip.closeEntry();
    }
}
