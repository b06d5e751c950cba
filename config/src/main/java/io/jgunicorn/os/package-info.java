/**
 * The operating system: C calls, signals. {@code java.lang.foreign} and {@code sun.misc} appear
 * only here.
 */
package io.jgunicorn.os;
