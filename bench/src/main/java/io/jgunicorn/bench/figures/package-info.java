/** The figures the project has set itself targets for, found in the results of a run. Pure. */
package io.jgunicorn.bench.figures;
