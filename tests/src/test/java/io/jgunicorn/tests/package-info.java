/**
 * What the server does, seen from outside: every {@code IT} starts the packaged product. Tests
 * tagged {@code product} describe what only jgunicorn does; the others also hold for gunicorn.
 */
package io.jgunicorn.tests;
