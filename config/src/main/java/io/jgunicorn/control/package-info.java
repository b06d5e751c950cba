/**
 * What the master and its workers say to each other, as values and as bytes. No transport: each
 * side brings its own.
 */
package io.jgunicorn.control;
