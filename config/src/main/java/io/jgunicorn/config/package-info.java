/**
 * What the operator says: the settings catalogue, its sources and their order, and the typed
 * result. Runs on the master's main thread at start and at reload; the results are immutable.
 */
package io.jgunicorn.config;
