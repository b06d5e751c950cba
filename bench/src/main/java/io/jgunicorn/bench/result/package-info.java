/** What a run of the bench found: records only, filled by the runners, read by the reports. */
package io.jgunicorn.bench.result;
