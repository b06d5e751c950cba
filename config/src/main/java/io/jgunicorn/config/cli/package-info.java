/**
 * The command line: argparse's rules, as gunicorn's users know them, and the help. Made from the
 * catalogue; parses and does nothing else. Pure functions, callable from any thread.
 */
package io.jgunicorn.config.cli;
