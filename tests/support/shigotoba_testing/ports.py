"""Ports for the processes of a test."""

from __future__ import annotations

from shigotoba_standalone.ports import free_ports


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now, and that no client gets by chance."""
    return free_ports(1)[0]
