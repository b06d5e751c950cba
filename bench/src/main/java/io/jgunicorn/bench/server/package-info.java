/**
 * jgunicorn and its peers as processes: how each is started, when it is ready, how it is stopped.
 * Used by one thread; virtual threads collect the output.
 */
package io.jgunicorn.bench.server;
