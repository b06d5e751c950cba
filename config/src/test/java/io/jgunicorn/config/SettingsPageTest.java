package io.jgunicorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
    private static final Path DOCS = Path.of(System.getProperty("jgunicorn.docs"));

    /** Writes the page anew if the property {@code jgunicorn.write} is set. */
    @Test
    void pageSaysWhatTheCatalogueSays() throws IOException {
        Path page = DOCS.resolve("settings.md");
        if (System.getProperty("jgunicorn.write") != null) {
            Files.writeString(page, SettingsPage.text());
        }
        assertThat(Files.readString(page))
                .as(
                        "docs/settings.md is out of date; bring it up to date by: "
                                + SettingsPage.UPDATE)
                .isEqualTo(SettingsPage.text());
    }

    @Test
    void pageForMigrationLinksToSettingsThatWork() throws IOException {
        List<String> links =
                Pattern.compile("\\[`(\\w+)`\\]\\(settings\\.md#(\\w+)\\)")
                        .matcher(Files.readString(DOCS.resolve("migrating.md")))
                        .results()
                        .map(link -> link.group(1) + " " + link.group(2))
                        .toList();
        assertThat(links).hasSizeGreaterThan(60);
        for (String link : links) {
            String name = link.substring(0, link.indexOf(' '));
            assertThat(link).isEqualTo(name + " " + name);
            assertThat(Settings.named(name).orElseThrow().support())
                    .as(name)
                    .isInstanceOfAny(
                            Support.Implemented.class,
                            Support.Limited.class,
                            Support.Refused.class);
        }
    }

    @Test
    void pageNamesEverySettingWithItsOptions() {
        String page = SettingsPage.text();
        for (Setting setting : Settings.all()) {
            int start = page.indexOf("\n### `" + setting.name() + "`\n");
            assertThat(start).as(setting.name()).isPositive();
            int end = page.indexOf("\n### ", start + 1);
            String part = page.substring(start, end < 0 ? page.length() : end);
            assertThat(part).contains("\n- Values: ", "\n- Default: ", "\n- Here: ");
            setting.flags().forEach(flag -> assertThat(part).contains("`" + flag + "`"));
            assertThat(part.contains("jgunicorn's own")).isEqualTo(setting.ours());
        }
    }
}
