/**
 * The control socket of operators, in the protocol of gunicorn's {@code gunicornc}: frames of a
 * length (4 bytes, big-endian) and that many bytes of JSON, at most 16 MiB. What the commands do is
 * not here.
 */
package io.jgunicorn.supervisor.ctl;
