/**
 * PEP 3333: one request's way into Python and back. Runs on the worker's Python threads; knows the
 * HTTP side only as an {@link io.jgunicorn.http.Exchange}.
 */
package io.jgunicorn.worker.wsgi;
