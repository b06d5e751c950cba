package io.jgunicorn.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextOptionsTest {
    @Test
    void compiledModulesAreKeptInAFolderOfTheUser() {
        assertThat(ContextOptions.from(Map.of("HOME", "/home/ada")).bytecodeCache())
                .contains(Path.of("/home/ada/.cache/jgunicorn/pyc"));
        assertThat(
                        ContextOptions.from(Map.of("HOME", "/home/ada", "XDG_CACHE_HOME", "/c"))
                                .bytecodeCache())
                .contains(Path.of("/c/jgunicorn/pyc"));
        assertThat(ContextOptions.from(Map.of("PYTHONPYCACHEPREFIX", "/p")).bytecodeCache())
                .contains(Path.of("/p"));
    }

    @Test
    void withoutAHomeNothingIsKept() {
        assertThat(ContextOptions.from(Map.of()).bytecodeCache()).isEmpty();
        assertThat(
                        ContextOptions.from(Map.of("HOME", "/h", "PYTHONDONTWRITEBYTECODE", "1"))
                                .bytecodeCache())
                .isEmpty();
    }

    @Test
    void virtualEnvironmentIsUsedIfItExists(@TempDir Path folder) {
        assertThat(ContextOptions.from(Map.of("VIRTUAL_ENV", folder.toString())).virtualEnv())
                .contains(folder);
        assertThat(ContextOptions.from(Map.of("VIRTUAL_ENV", folder + "/no")).virtualEnv())
                .isEmpty();
    }
}
