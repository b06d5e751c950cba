package io.jgunicorn.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar that is nothing but a class path, the jars of a folder beside it in the order of their
 * names. It keeps command lines short, and AOT caches need the same order in every run, which a
 * wildcard does not promise.
 */
final class ClassPathJar {
    private ClassPathJar() {}

    /**
     * Writes the jar, unless it says this already: an AOT cache holds only for an unchanged one.
     */
    static void write(Path jar, Path folder) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Jars.in(folder).stream()
                        .map(path -> jar.getParent().relativize(path).toString())
                        .collect(Collectors.joining(" ")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("META-INF/MANIFEST.MF");
            entry.setLastModifiedTime(FileTime.fromMillis(0));
            zip.putNextEntry(entry);
            manifest.write(zip);
            zip.closeEntry();
        }
        if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), bytes.toByteArray())) {
            Files.write(jar, bytes.toByteArray());
        }
    }
}
