package io.jgunicorn.config;

import io.jgunicorn.config.value.HookRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The catalogue: every setting there is, in one place. The command line, the loader, the report and
 * the help all read it. Immutable, safe on any thread.
 */
public final class Settings {
    private static final Map<String, Setting> BY_NAME = byName();

    private Settings() {}

    /** All settings, in the order they are listed. */
    public static List<Setting> all() {
        return List.copyOf(BY_NAME.values());
    }

    /** The setting of a name, which is compared as it stands. */
    public static Optional<Setting> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Names of the settings that hold functions. */
    public static List<String> hookNames() {
        return all().stream().filter(Setting::isHook).map(Setting::name).toList();
    }

    /** True if the value is a hook that does nothing. */
    static boolean isIdleHook(Object value) {
        return value instanceof HookRef hook && !hook.defined();
    }

    private static Map<String, Setting> byName() {
        Map<String, Setting> map = new LinkedHashMap<>();
        Stream.of(
                        SocketCatalogue.settings(),
                        WorkerCatalogue.settings(),
                        DebugCatalogue.settings(),
                        MechanicsCatalogue.settings(),
                        HttpCatalogue.settings(),
                        LoggingCatalogue.settings(),
                        HookCatalogue.settings(),
                        TlsCatalogue.settings(),
                        DirtyCatalogue.settings())
                .flatMap(List::stream)
                .forEach(
                        setting -> {
                            if (map.put(setting.name(), setting) != null) {
                                throw new IllegalStateException("listed twice: " + setting.name());
                            }
                        });
        return map;
    }
}
