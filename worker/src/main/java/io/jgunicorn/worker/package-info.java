/** One process serving one Python application. GraalPy for applications lives here only. */
package io.jgunicorn.worker;
