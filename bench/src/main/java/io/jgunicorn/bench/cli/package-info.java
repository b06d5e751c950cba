/** The command line: chooses scenarios, runs them, writes the results. */
package io.jgunicorn.bench.cli;
