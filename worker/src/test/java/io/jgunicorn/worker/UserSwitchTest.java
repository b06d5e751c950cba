package io.jgunicorn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jgunicorn.os.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserSwitchTest {
    @TempDir Path folder;

    @Test
    void nothingChangesForWhomTheProcessIsAlready() throws IOException {
        Identity before = Identity.current();
        UserSwitch.to(before, folder);
        assertThat(Identity.current()).isEqualTo(before);
    }

    @Test
    void folderForCachesIsForTheOwnerOnlyAndFoundAgain() throws IOException {
        Path cache = UserSwitch.ownFolder(folder.resolve("cache"));

        assertThat(Files.getPosixFilePermissions(cache))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(UserSwitch.ownFolder(cache)).isEqualTo(cache);
    }

    @Test
    void folderThatIsALinkIsNotTrusted() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("cache"), folder);

        assertThatThrownBy(() -> UserSwitch.ownFolder(link))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "'"
                                + link
                                + "' is not a folder that only the user can write whom workers run"
                                + " as");
    }

    @Test
    void folderThatOthersCanWriteIsNotTrusted() throws IOException {
        Path open = Files.createDirectory(folder.resolve("cache"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwx---"));

        assertThatThrownBy(() -> UserSwitch.ownFolder(open)).isInstanceOf(IOException.class);
    }
}
