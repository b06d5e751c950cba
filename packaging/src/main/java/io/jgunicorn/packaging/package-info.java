/** Build time only: makes the Java runtime image and the AOT caches of a distribution. */
package io.jgunicorn.packaging;
