package io.jgunicorn.config;

import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.log.LogEcho;
import io.jgunicorn.log.Statsd;
import io.jgunicorn.log.Syslog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Syslog and StatsD as a configuration wants them; what is wrong with them goes to the error log.
 */
public record LogEchoes(Optional<Syslog> syslog, Optional<Statsd> statsd) {
    /** Opens them, and lets the error log reach them; it closes them too. */
    public static LogEchoes of(ServerConfig.Logging settings, ErrorLog log) {
        LogEchoes echoes =
                new LogEchoes(
                        settings.syslog()
                                .map(
                                        s ->
                                                new Syslog(
                                                        s.address(),
                                                        s.facility(),
                                                        s.prefix(),
                                                        log::warning)),
                        settings.statsd()
                                .map(
                                        s ->
                                                Statsd.open(
                                                        s.address(),
                                                        s.prefix(),
                                                        s.tags(),
                                                        log::warning)));
        List<LogEcho> all = new ArrayList<>();
        echoes.syslog().ifPresent(all::add);
        echoes.statsd().ifPresent(all::add);
        log.echo(all);
        return echoes;
    }
}
