/** What is measured, and the runners that measure it. One thread; servers are processes. */
package io.jgunicorn.bench.scenario;
