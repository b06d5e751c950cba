/** The least a Netty HTTP server can do, to compare with. Runs in a process of its own. */
package io.jgunicorn.bench.netty;
