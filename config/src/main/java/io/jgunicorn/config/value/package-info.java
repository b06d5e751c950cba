/**
 * Values of settings: as a source wrote them ({@link io.jgunicorn.config.value.RawValue}), the
 * rules that accept them, and Python's way of writing them down. Pure functions, callable from any
 * thread.
 */
package io.jgunicorn.config.value;
