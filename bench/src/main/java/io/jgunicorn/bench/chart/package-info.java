/** Plots as inline SVG. Pure functions from numbers to text. */
package io.jgunicorn.bench.chart;
