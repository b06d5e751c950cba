/**
 * The interpreter the application runs in. Made and closed by the first Python thread of the
 * worker; depends on {@code io.jgunicorn.python} for how a context is set up.
 */
package io.jgunicorn.worker.python;
