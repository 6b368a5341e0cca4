"""Free ports on 127.0.0.1, below the range from which the kernel takes ports for outgoing connections.

A port from that range could be taken by a client, or even by a client that connects to itself, while the server that
owns it is being restarted. Responsible for choosing and probing. Refuses to keep a port: it is free until it is used.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence
from typing import Final

from shigotoba_standalone.errors import StandaloneError

HOST: Final = "127.0.0.1"
_FIRST: Final = 15000
_LAST: Final = 32000  # Linux takes outgoing ports from 32768 up (ip_local_port_range)
_TRIES: Final = 200


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """``count`` different free ports for TCP (``SOCK_STREAM``) or UDP (``SOCK_DGRAM``).

    Raises:
        StandaloneError: Hardly any port is free.
    """
    candidates = secrets.SystemRandom().sample(range(_FIRST, _LAST), _TRIES + count)
    free = [port for port in candidates if is_free(port, kind)][:count]
    if len(free) < count:
        raise StandaloneError(f"no free ports between {_FIRST} and {_LAST} on {HOST}. End what is using them.")
    return free


def is_free(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether a server could bind ``port`` now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether something accepts TCP connections on ``port``."""
    try:
        socket.create_connection((HOST, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def all_free(ports: Sequence[int], kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether every one of ``ports`` could be bound now."""
    return all(is_free(port, kind) for port in ports)
