package io.jgunicorn.config.value;

/**
 * The value of a hook setting. The function itself stays in the Python context that read the
 * configuration.
 *
 * @param qualifiedName what {@code --print-config} shows
 * @param arity number of positional parameters it is called with
 * @param defined false for the hook that does nothing
 */
public record HookRef(String qualifiedName, int arity, boolean defined) {
    /** As gunicorn prints a callable. */
    @Override
    public String toString() {
        return "<" + qualifiedName + "()>";
    }
}
