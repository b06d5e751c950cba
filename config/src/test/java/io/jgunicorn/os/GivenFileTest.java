package io.jgunicorn.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenFileTest {
    private static final int NOBODY = 65534;
    private static final Identity OTHER = new Identity(NOBODY, NOBODY, Optional.empty());

    @TempDir Path folder;

    @BeforeEach
    void onlyRootCan() {
        assumeTrue(Identity.current().uid() == 0, "not run by root");
    }

    private static String owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }

    private Path log() {
        return folder.resolve("app.log");
    }

    @Test
    void logIsMadeAndGivenAndWhatItHoldsIsKept() throws IOException {
        GivenFile.log(log(), OTHER);
        assertThat(owner(log())).isEqualTo("65534:65534");

        Files.writeString(log(), "kept");
        GivenFile.log(log(), Identity.current());
        assertThat(owner(log())).isEqualTo("0:" + Identity.current().gid());
        assertThat(log()).hasContent("kept");
    }

    @Test
    void whatALinkLeadsToIsLeftAlone() throws IOException {
        Path secret = Files.createFile(folder.resolve("secret"));
        Files.createSymbolicLink(log(), secret);

        GivenFile.log(log(), OTHER);
        GivenFile.socket(log(), OTHER);

        assertThat(owner(secret)).startsWith("0:");
    }

    @Test
    void fileWithASecondNameIsLeftAlone() throws IOException {
        Path secret = Files.createFile(folder.resolve("secret"));
        Files.createLink(log(), secret);

        GivenFile.log(log(), OTHER);

        assertThat(owner(secret)).startsWith("0:");
    }

    @Test
    void fifoThatNobodyReadsIsNotWaitedForAndLeftAlone() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", log().toString()).start().waitFor()).isZero();

        GivenFile.log(log(), OTHER);

        assertThat(owner(log())).startsWith("0:");
    }

    @Test
    void socketIsGivenAndWhatIsNoneIsLeftAlone() throws IOException {
        Path socket = folder.resolve("app.sock");
        Path file = Files.createFile(folder.resolve("file"));
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));

            GivenFile.socket(socket, OTHER);
            GivenFile.socket(file, OTHER);
        }

        assertThat(owner(socket)).isEqualTo("65534:65534");
        assertThat(owner(file)).startsWith("0:");
    }

    @Test
    void fileThatCannotBeMadeIsNamed() {
        Path nowhere = folder.resolve("none/app.log");

        assertThatThrownBy(() -> GivenFile.log(nowhere, OTHER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere + ": ")
                .hasMessageContaining("No such file or directory");
    }
}
