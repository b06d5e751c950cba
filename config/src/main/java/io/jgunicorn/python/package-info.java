/**
 * Runs Python for the configuration: makes contexts, evaluates the configuration file, calls hooks.
 * Everything here belongs to the thread that starts Python, in the master its main thread. Only
 * this package and the worker's mention {@code org.graalvm}.
 */
package io.jgunicorn.python;
