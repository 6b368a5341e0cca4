"""An SNMP agent for one device: v1 and v2c, GET, GETNEXT, GETBULK, read-only.

Source: RFC 3416, section 4.2. Responsible for answering from a tree that is made anew for each request, so that a
value is what it is at that moment. A wrong community gets silence, as from a real printer.
"""

# pyright: reportMissingTypeArgument=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
# pysnmp leaves most of its parameters and results untyped.

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any, Final, cast

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.smi.instrum import MibInstrumController

from shigotoba_sim.faces.mfp.tree import Cell, Syntax, Tree, next_after
from shigotoba_wire.errors import SettingsError

LOOPBACK: Final = "127.0.0.1"
_TYPES: Final[dict[Syntax, Callable[[Any], Any]]] = {
    Syntax.INTEGER: rfc1902.Integer32,
    Syntax.OCTETS: rfc1902.OctetString,
    Syntax.OBJECT_IDENTIFIER: rfc1902.ObjectIdentifier,
    Syntax.IP_ADDRESS: rfc1902.IpAddress,
    Syntax.COUNTER32: rfc1902.Counter32,
    Syntax.GAUGE32: rfc1902.Gauge32,
    Syntax.TIME_TICKS: rfc1902.TimeTicks,
    Syntax.COUNTER64: rfc1902.Counter64,
}


class SnmpAgent:
    """Answers on ``port`` of the loopback for what ``tree`` returns."""

    def __init__(self, port: int, tree: Callable[[], Tree], community: str = "public") -> None:
        self._port = port
        self._tree = tree
        self._community = community
        self._engine: SnmpEngine | None = None

    async def open(self) -> None:
        """Bind the port and answer from now on.

        Raises:
            SettingsError: The port is taken or not ours to take.
        """
        bound = _bound(self._port)
        # Half a second of reading MIB files, during which the radio should not fall silent.
        engine = await asyncio.to_thread(_engine, self._community)
        endpoint = udp.UdpAsyncioTransport()
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: endpoint, sock=bound)
        config.add_transport(engine, udp.DOMAIN_NAME, endpoint)
        served = context.SnmpContext(engine)
        served.context_names = {b"": cast(MibInstrumController, _Instrumentation(self._tree))}
        for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.BulkCommandResponder):
            responder(engine, served)
        self._engine = engine

    async def close(self) -> None:
        """Fall silent and free the port."""
        if self._engine is not None:
            self._engine.close_dispatcher()
            # A transport closes its socket one turn of the loop after it was told to.
            await asyncio.sleep(0)


class _Instrumentation:
    """The two methods that pysnmp asks for values: pairs of name and value in, the same with values filled in out."""

    def __init__(self, tree: Callable[[], Tree]) -> None:
        self._tree = tree

    def read_variables(self, *asked: Any, **_context: Any) -> list[Any]:
        tree = self._tree()
        return [(name, _value(tree.get(tuple(name)))) for name, _ in asked]

    def read_next_variables(self, *asked: Any, **_context: Any) -> list[Any]:
        tree = self._tree()
        return [_next(tree, name) for name, _ in asked]


def _next(tree: Tree, name: Any) -> tuple[Any, Any]:
    following = next_after(tree, tuple(name))
    if following is None:
        return name, rfc1905.endOfMibView
    return rfc1902.ObjectName(following), _value(tree[following])


def _value(cell: Cell | None) -> Any:
    return rfc1905.noSuchInstance if cell is None else _TYPES[cell.syntax](cell.value)


def _engine(community: str) -> SnmpEngine:
    engine = SnmpEngine()
    config.add_v1_system(engine, "reader", community)
    return engine


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setblocking(False)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        raise SettingsError(f"snmp_ports: UDP port {port} {reason}. Choose another one.") from error
    return bound
