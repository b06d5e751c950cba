/** The error log both processes write, and the files logs go to. Callable from any thread. */
package io.jgunicorn.log;
