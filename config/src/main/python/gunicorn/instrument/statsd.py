"""A logger that sends its ``extra={"metric": ...}`` records to a StatsD server, over UDP or a Unix datagram socket."""

import socket

from gunicorn.glogging import Logger
from jgunicorn.own_gunicorn import missing_attribute

METRIC_VAR = "metric"
VALUE_VAR = "value"
MTYPE_VAR = "mtype"
GAUGE_TYPE = "gauge"
COUNTER_TYPE = "counter"
HISTOGRAM_TYPE = "histogram"
TIMER_TYPE = "timer"


class Statsd(Logger):
    """Sends what is logged with a metric, and counts what is logged as wrong."""

    def __init__(self, cfg):
        super().__init__(cfg)
        prefix = cfg.statsd_prefix or ""
        self.prefix = prefix.rstrip(".") + "." if prefix.strip(".") else ""
        self.dogstatsd_tags = cfg.dogstatsd_tags
        self.sock = self._connected(cfg.statsd_host)

    @staticmethod
    def _connected(server):
        """A socket that sends to HOST:PORT or unix://PATH; None if there is none."""
        if not server:
            return None
        is_path = server.startswith("unix://")
        host, _, port = server.rpartition(":")
        try:
            sock = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET, socket.SOCK_DGRAM)
            sock.connect(server.removeprefix("unix://") if is_path else (host, int(port)))
            return sock
        except OSError:
            return None

    def critical(self, msg, *args, **kwargs):
        super().critical(msg, *args, **kwargs)
        self.increment("gunicorn.log.critical", 1)

    def error(self, msg, *args, **kwargs):
        super().error(msg, *args, **kwargs)
        self.increment("gunicorn.log.error", 1)

    def warning(self, msg, *args, **kwargs):
        super().warning(msg, *args, **kwargs)
        self.increment("gunicorn.log.warning", 1)

    def exception(self, msg, *args, **kwargs):
        super().exception(msg, *args, **kwargs)
        self.increment("gunicorn.log.exception", 1)

    def info(self, msg, *args, **kwargs):
        self.log("info", msg, *args, **kwargs)

    def debug(self, msg, *args, **kwargs):
        self.log("debug", msg, *args, **kwargs)

    def log(self, lvl, msg, *args, **kwargs):
        extra = kwargs.get("extra") or {}
        metric, value = extra.get(METRIC_VAR), extra.get(VALUE_VAR)
        send = {
            GAUGE_TYPE: self.gauge,
            COUNTER_TYPE: self.increment,
            HISTOGRAM_TYPE: self.histogram,
            TIMER_TYPE: self.timer,
        }.get(extra.get(MTYPE_VAR))
        if metric and value is not None and send is not None:
            send(metric, value)
        if msg:
            super().log(lvl, msg, *args, **kwargs)

    def access(self, resp, req, environ, request_time):
        super().access(resp, req, environ, request_time)
        self.timer("gunicorn.request.duration", request_time.total_seconds() * 1000)
        self.increment("gunicorn.requests", 1)
        self.increment(f"gunicorn.request.status.{str(resp.status).split(None, 1)[0]}", 1)

    def gauge(self, name, value):
        self._sock_send(f"{self.prefix}{name}:{value}|g")

    def increment(self, name, value, sampling_rate=1.0):
        self._sock_send(f"{self.prefix}{name}:{value}|c|@{sampling_rate}")

    def decrement(self, name, value, sampling_rate=1.0):
        self._sock_send(f"{self.prefix}{name}:-{value}|c|@{sampling_rate}")

    def timer(self, name, value):
        self._sock_send(f"{self.prefix}{name}:{value}|ms")

    def histogram(self, name, value):
        self._sock_send(f"{self.prefix}{name}:{value}|h")

    def _sock_send(self, msg):
        if self.sock is None:
            return
        if self.dogstatsd_tags:
            msg += "|#" + self.dogstatsd_tags
        try:
            self.sock.send(msg.encode("ascii", "replace"))
        except OSError as e:
            Logger.warning(self, "Error sending message to statsd: %s", e)


__getattr__ = missing_attribute(__name__)
