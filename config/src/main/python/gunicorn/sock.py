"""The classes of the listening sockets that hooks get. The sockets are opened in Java."""

from jgunicorn.hook_objects import BaseSocket, TCP6Socket, TCPSocket, UnixSocket
from jgunicorn.own_gunicorn import missing_attribute

__all__ = ["BaseSocket", "TCP6Socket", "TCPSocket", "UnixSocket"]

__getattr__ = missing_attribute(__name__)
