"""Printers at addresses that the user has named; no other address is asked.

Responsible for asking politely: a few at a time, one small question each, and the printers among those that answer
once more, for what they count. Refuses networks so large that it would be a scan.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.drivers.printer_snmp.access import Access, read_access
from shigotoba_edge.drivers.printer_snmp.acquaintance import meet, session_with
from shigotoba_edge.drivers.printer_snmp.printer import Printer
from shigotoba_edge.drivers.printer_snmp.session import SnmpError, target_at
from shigotoba_edge.field.watching import Say
from shigotoba_edge.field.words import Words, retold
from shigotoba_wire.errors import SettingsError

MOST_ADDRESSES: Final = 1_024
AT_ONCE: Final = 16
ANSWER_WITHIN_S: Final = 1.0


class Network(msgspec.Struct, frozen=True):
    """Where to look for printers.

    Attributes:
        hosts: Addresses, each named by the user.
        port: UDP port.
        community_file: File of the read community; None for ``public``.
    """

    hosts: tuple[str, ...]
    port: int = 161
    community_file: Path | None = None


class Found(msgspec.Struct, frozen=True):
    """An agent that answered.

    Attributes:
        address: Where.
        printer: Who; None if it is no printer we could read.
        trouble: Why not.
    """

    address: str
    printer: Printer | None
    trouble: str = ""


def addresses(networks: Iterable[str]) -> list[str]:
    """All addresses of the named networks, such as ``192.0.2.0/28`` or ``192.0.2.21``, each once.

    Raises:
        SettingsError: One is no network, or they have too many addresses.
    """
    named: dict[str, None] = {}
    for text in networks:
        try:
            network = ipaddress.IPv4Network(text, strict=False)
        except ValueError as error:
            raise SettingsError(f"--subnet {text}: {error}. Write it like 192.0.2.0/28.") from error
        if network.num_addresses + len(named) > MOST_ADDRESSES:
            raise SettingsError(f"--subnet {text}: more than {MOST_ADDRESSES} addresses. Name a smaller network.")
        named |= dict.fromkeys(str(host) for host in network.hosts())
    return list(named)


async def network(where: Network, say: Say, spoken: Words) -> list[str]:
    """Ask at the addresses, say who is there, and suggest a driver for the printers."""
    say(spoken["at_addresses"].format(count=len(where.hosts)))
    found = await printers(where.hosts, where.port, read_access(where.community_file, None))
    if not found:
        say(spoken["nobody_answers"])
    for one in found:
        if one.printer is None:
            say(f"  {one.address}  {retold(spoken, one.trouble)}")
        else:
            vendor = one.printer.vendor or spoken["no_profile"]
            counters = ", ".join(one.printer.counters)
            say(f"  {one.address}  {one.printer.device}  {one.printer.model} ({vendor})")
            say(spoken["counts"].format(counters=counters) if counters else spoken["counts_nothing"])
    readable = [one.address for one in found if one.printer is not None]
    return [_printer_driver(readable, where)] if readable else []


def _printer_driver(hosts: Iterable[str], where: Network) -> str:
    lines = ["[[driver]]", 'kind = "printer_snmp"', 'name = "printers"']
    for host in hosts:
        lines += ["", "[[driver.printer]]", f'host = "{host}"']
        lines += [f"port = {where.port}"] if where.port != 161 else []
        lines += [f'community_file = "{where.community_file}"'] if where.community_file else []
    return "\n".join(lines) + "\n"


async def printers(hosts: Iterable[str], port: int, access: Access) -> list[Found]:
    """Who answers at these addresses, in their order."""
    engine = await asyncio.to_thread(SnmpEngine)
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(host: str) -> Found | None:
        async with turn:
            return await _ask(engine, host, port, access)

    try:
        found = await asyncio.gather(*(ask(host) for host in hosts))
    finally:
        engine.close_dispatcher()
    return [one for one in found if one is not None]


async def _ask(engine: SnmpEngine, host: str, port: int, access: Access) -> Found | None:
    try:
        session = await session_with(engine, await target_at(host, port, ANSWER_WITHIN_S), access)
    except SnmpError as error:
        return None if error.reason == "no_answer" else Found(host, None, str(error))
    try:
        return Found(host, await meet(session))
    except SnmpError as error:
        return Found(host, None, str(error))
