"""Which address a webhook is really sent to.

A name is looked up once, every address it has must be a public one, and the request goes to the address that was
checked: a name that answers differently the second time gains nothing. Redirects are not followed.

Responsible for that decision. Refuses to send.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

Lookup = Callable[[str, int], list[str]]

_PORTS: Final = {"https": 443, "http": 80}


class AddressError(ValueError):
    """A webhook cannot go there; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and what to ask for there.

    Attributes:
        url: With the address in place of the name.
        host: The name, for the certificate and the ``Host`` header, with the port if it is not the usual one.
        sni: The name alone.
    """

    url: str
    host: str
    sni: str


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def target_of(url: str, private_hosts: Collection[str] = (), look: Lookup = look_up) -> Target:
    """Where a webhook with this URL goes.

    Raises:
        AddressError: It is no HTTPS address, or leads into a private network.
    """
    parts = urlsplit(url)
    host = parts.hostname
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressError(f"{url} has no proper port") from error
    if not host or not port or parts.username or parts.password:
        raise AddressError(f"{url} is not a plain https address")
    private = host in private_hosts
    if parts.scheme != "https" and not private:
        raise AddressError(f"{url} is not encrypted: use https")
    address = _checked(host, port, private, look)
    shown = f"[{address}]" if ":" in address else address
    usual = port == _PORTS[parts.scheme]
    path = parts.path or "/"
    return Target(
        f"{parts.scheme}://{shown}:{port}{path}{'?' + parts.query if parts.query else ''}",
        host if usual else f"{host}:{port}",
        host,
    )


def _checked(host: str, port: int, private: bool, look: Lookup) -> str:
    try:
        found = look(host, port)
    except OSError as error:
        raise AddressError(f"{host} is not known: {error}") from error
    if not found:
        raise AddressError(f"{host} has no address")
    inside = [each for each in found if not _public(each)]
    if inside and not private:
        raise AddressError(f"{host} leads to {inside[0]}, which is not a public address")
    return found[0]


def _public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%", 1)[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_global and not address.is_multicast
