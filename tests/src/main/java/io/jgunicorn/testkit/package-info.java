/**
 * Runs the real server as a user would and checks what it leaves behind. {@link
 * io.jgunicorn.testkit.Servers} is the JUnit extension a test holds; {@link
 * io.jgunicorn.testkit.ServerProcess} is one running server; {@link io.jgunicorn.testkit.RawHttp}
 * and {@link io.jgunicorn.testkit.Load} are its clients. Nothing here sleeps: waiting is for an
 * event with a deadline, and {@link io.jgunicorn.testkit.Await} polls what only can be polled.
 */
package io.jgunicorn.testkit;
