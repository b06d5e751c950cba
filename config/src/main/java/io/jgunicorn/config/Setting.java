package io.jgunicorn.config;

import io.jgunicorn.config.value.HookRef;
import io.jgunicorn.config.value.RawValue;
import io.jgunicorn.config.value.Surroundings;
import io.jgunicorn.config.value.Validator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * One setting of the catalogue. Immutable.
 *
 * @param name as in a configuration file
 * @param flags command line options, short ones first; empty for settings of the file only
 * @param section heading it is listed under
 * @param metavar what stands for the value in the help, empty if there is none
 * @param action what its option does with the command line
 * @param cliType what the command line turns the text into before the rule sees it
 * @param validator its rule
 * @param defaultValue its value when no source names it, for given surroundings
 * @param variable environment variable that sets the default, empty if there is none
 * @param values what it may be, in words; see {@link #allowed}
 * @param help one paragraph for the operator
 * @param difference how it differs from gunicorn where it is implemented: a sentence that begins
 *     small and has no full stop; empty if it does not
 * @param ours true if gunicorn does not know it
 */
public record Setting(
        String name,
        List<String> flags,
        Section section,
        String metavar,
        Action action,
        CliType cliType,
        Validator validator,
        Function<Surroundings, Optional<Object>> defaultValue,
        String variable,
        String values,
        String help,
        String difference,
        Support support,
        boolean ours) {

    /** What an option does. */
    public enum Action {
        /** Takes one value; the last one counts. */
        STORE,
        /** Takes one value and may be repeated. */
        APPEND,
        /** Takes no value and means True. */
        STORE_TRUE,
        /** Takes no value and means False. */
        STORE_FALSE,
        /** May take one value; alone it means {@code auto}. */
        STORE_OPTIONAL
    }

    /** What the command line makes of an option's text. */
    public enum CliType {
        TEXT("str"),
        INT("int"),
        /** A number in any base; 0NNN is octal. */
        FILE_MODE("auto_int");

        private final String pythonName;

        CliType(String pythonName) {
            this.pythonName = pythonName;
        }

        /** The name error messages use. */
        public String pythonName() {
            return pythonName;
        }
    }

    public Setting {
        flags = List.copyOf(flags);
    }

    public boolean fileOnly() {
        return flags.isEmpty();
    }

    /**
     * The value in its final form.
     *
     * @throws io.jgunicorn.config.value.InvalidValueException if the rule refuses it
     */
    public Optional<Object> accept(RawValue value, Surroundings surroundings) {
        return validator.accept(value, surroundings);
    }

    /** True for settings that hold a function. */
    public boolean isHook() {
        return section == Section.SERVER_HOOKS || section == Section.DIRTY_HOOKS;
    }

    /** What it may be, in words: its own, or those of its type. */
    public String allowed() {
        if (!values.isEmpty()) {
            return values;
        }
        return switch (action) {
            case STORE_TRUE, STORE_FALSE -> "True or False";
            case APPEND -> "list of str, or one str";
            case STORE, STORE_OPTIONAL ->
                    switch (cliType) {
                        case INT -> "whole number from 0";
                        case FILE_MODE -> "whole number from 0; 0oNNN is octal";
                        case TEXT -> "str or None";
                    };
        };
    }

    static Builder named(String name, Section section) {
        return new Builder(name, section);
    }

    /** Gathers a setting; used by the catalogue only. */
    static final class Builder {
        private final String name;
        private final Section section;
        private List<String> flags = List.of();
        private String metavar = "";
        private Action action = Action.STORE;
        private CliType cliType = CliType.TEXT;
        private Validator validator = (_, _) -> Optional.empty();
        private Function<Surroundings, Optional<Object>> defaultValue = _ -> Optional.empty();
        private String variable = "";
        private String values = "";
        private String difference = "";

        private Builder(String name, Section section) {
            this.name = name;
            this.section = section;
        }

        Builder flags(String... options) {
            flags = List.of(options);
            return this;
        }

        Builder metavar(String word) {
            metavar = word;
            return this;
        }

        Builder action(Action what) {
            action = what;
            return this;
        }

        Builder cli(CliType type) {
            cliType = type;
            return this;
        }

        Builder rule(Validator rule) {
            validator = rule;
            return this;
        }

        Builder byDefault(Object value) {
            defaultValue = _ -> Optional.of(value);
            return this;
        }

        Builder byDefault(Function<Surroundings, Optional<Object>> value) {
            defaultValue = value;
            return this;
        }

        /** Names the environment variable that {@link #byDefault} looks at. */
        Builder variable(String variableName) {
            variable = variableName;
            return this;
        }

        Builder values(String words) {
            values = words;
            return this;
        }

        Builder differs(String how) {
            difference = how;
            return this;
        }

        Builder hookByDefault(String qualifiedName, int arity) {
            return byDefault(new HookRef(qualifiedName, arity, false));
        }

        Setting implemented(String help) {
            return build(help, new Support.Implemented(), false);
        }

        /** Implemented, and not known to gunicorn. */
        Setting ours(String help) {
            return build(help, new Support.Implemented(), true);
        }

        Setting accepted(String effect, String help) {
            return build(help, new Support.Accepted(effect), false);
        }

        Setting notYet(String instead, String help) {
            return build(help, new Support.NotYet(instead), false);
        }

        Setting limited(
                BiPredicate<Optional<Object>, Surroundings> when, String reason, String help) {
            return build(help, new Support.Limited(when, reason), false);
        }

        Setting refused(
                BiPredicate<Optional<Object>, Surroundings> when, String reason, String help) {
            return build(help, new Support.Refused(when, reason), false);
        }

        private Setting build(String help, Support support, boolean ours) {
            return new Setting(
                    name,
                    flags,
                    section,
                    metavar,
                    action,
                    cliType,
                    validator,
                    defaultValue,
                    variable,
                    values,
                    help,
                    difference,
                    support,
                    ours);
        }
    }
}
