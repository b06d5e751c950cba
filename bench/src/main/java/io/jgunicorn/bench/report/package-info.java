/**
 * A run as JSON, as one HTML page, and as text for the terminal. Pure but for reading the template.
 */
package io.jgunicorn.bench.report;
