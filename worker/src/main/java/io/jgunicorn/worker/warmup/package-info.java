/**
 * Replaying requests in a booted worker before it is ready. The first Python thread waits, a thread
 * of its own replays; depends on the HTTP side for requests and on {@code worker.wsgi} for the way
 * into the application.
 */
package io.jgunicorn.worker.warmup;
