/** Unix sockets that the master listens at, whoever is to connect. */
package io.jgunicorn.supervisor.unix;
