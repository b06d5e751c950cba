/** A JSON writer for maps, lists and plain values; there is no JSON library on our class path. */
package io.jgunicorn.bench.json;
