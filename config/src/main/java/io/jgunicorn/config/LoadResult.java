package io.jgunicorn.config;

/** What loading the configuration gives when nothing is wrong. */
public sealed interface LoadResult permits LoadedConfig, LoadResult.Printed {
    /** A text to print on stdout before exiting with 0: help or version. */
    record Printed(String text) implements LoadResult {}
}
