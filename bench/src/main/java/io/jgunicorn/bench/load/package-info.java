/**
 * Requests from outside: what to send, the generators wrk and h2load that send it, and their
 * findings. Blocking; used by one thread.
 */
package io.jgunicorn.bench.load;
