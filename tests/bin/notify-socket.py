#!/usr/bin/env python3
"""A notify socket as systemd has one: prints what a service says (sd_notify(3)).

    tests/bin/notify-socket.py ADDRESS

ADDRESS is a path, or @NAME in the abstract namespace. Prints "bound", then a line for each datagram:
CLOCK_MONOTONIC in microseconds, the pid of the sender, the assignments joined by " & ". Ends with its standard input.
"""

import select
import socket
import struct
import sys
import time

CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid


def sender(ancillary):
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return CREDENTIALS.unpack(data)[0]
    return 0


def main(address):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        receiver.bind("\0" + address[1:] if address.startswith("@") else address)
        print("bound", flush=True)
        while receiver in select.select([receiver, sys.stdin], [], [])[0]:
            data, ancillary, _, _ = receiver.recvmsg(4096, socket.CMSG_SPACE(CREDENTIALS.size))
            now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            print(now, sender(ancillary), data.decode().replace("\n", " & "), flush=True)


main(sys.argv[1])
