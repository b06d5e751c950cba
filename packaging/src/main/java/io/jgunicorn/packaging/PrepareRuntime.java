package io.jgunicorn.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * {@code PrepareRuntime DIST WORK TRAIN}: gives a distribution its {@code lib/jgunicorn.jar}, its
 * {@code runtime} and, if TRAIN is {@code true}, its {@code aot} caches; what is there and current
 * is kept. What cannot be made is said, and the distribution goes without. Progress lines begin
 * with {@code jgunicorn: }, for the launcher to show.
 */
public final class PrepareRuntime {
    private final Path dist;
    private final Path work;

    private PrepareRuntime(Path dist, Path work) {
        this.dist = dist;
        this.work = work;
    }

    /** Runs. Exit code 0 also when the distribution goes without a runtime or caches. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrepareRuntime prepare =
                new PrepareRuntime(
                        Path.of(arguments[0]).toAbsolutePath(),
                        Path.of(arguments[1]).toAbsolutePath());
        ClassPathJar.write(
                prepare.dist.resolve("lib/jgunicorn.jar"), prepare.dist.resolve("lib/app"));
        if (prepare.image()) {
            prepare.caches(Boolean.parseBoolean(arguments[2]));
        }
    }

    /** True if the distribution has a runtime of its own now. */
    private boolean image() throws IOException {
        RuntimeImage image =
                new RuntimeImage(
                        Path.of(System.getProperty("java.home")),
                        dist.resolve("lib/graal"),
                        dist.resolve("lib/compiler"));
        Path runtime = dist.resolve("runtime");
        Path madeOf = Path.of("made-of");
        if (Files.exists(runtime.resolve(madeOf))
                && Files.readString(runtime.resolve(madeOf)).equals(image.key())) {
            return true;
        }
        progress("a Java runtime with the Graal compiler inside");
        Folders.delete(runtime);
        Folders.delete(resources());
        Folders.delete(work);
        Files.createDirectories(work);
        try {
            Path made = work.resolve("image");
            image.build(work, made);
            Files.writeString(made.resolve(madeOf), image.key());
            Files.move(made, runtime, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            without("a Java runtime of its own", e);
            return false;
        } finally {
            Folders.delete(work);
        }
    }

    private void caches(boolean train) throws IOException, InterruptedException {
        AotCaches caches = new AotCaches(dist);
        if (caches.areCurrent()) {
            return;
        }
        Folders.delete(caches.folder());
        Folders.delete(resources());
        if (!train) {
            return;
        }
        progress("AOT caches, from a training run");
        Files.createDirectories(caches.folder());
        try {
            new TrainingRun(dist, caches, resources()).run();
            Folders.letEverybodyRead(resources());
            Files.createFile(resources().resolve("complete")); // for the launcher
            caches.complete();
        } catch (IOException e) {
            Folders.delete(caches.folder());
            Folders.delete(resources());
            without("AOT caches", e);
        }
    }

    /** Python's own files, with their compiled form as far as the training run needed them. */
    private Path resources() {
        return dist.resolve("lib/resources");
    }

    private static void progress(String what) {
        System.out.println("jgunicorn: ... " + what);
    }

    private static void without(String what, IOException reason) {
        System.out.println(
                "jgunicorn: goes without "
                        + what
                        + ", so workers take longer to boot: "
                        + reason.getMessage());
    }
}
