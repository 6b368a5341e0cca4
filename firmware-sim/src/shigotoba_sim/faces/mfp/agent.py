"""An SNMP agent for one device: v1, v2c and v3, GET, GETNEXT, GETBULK, read-only.

Source: RFC 3416, section 4.2. Responsible for answering from a tree that is made anew for each request, so that a
value is what it is at that moment. A wrong community gets silence, as from a real printer; version 3 is answered with
authentication and privacy or not at all.
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
from pysnmp.smi.error import AuthorizationError
from pysnmp.smi.instrum import MibInstrumController

from shigotoba_sim.faces.mfp.manners import Engine, Manners
from shigotoba_sim.faces.mfp.tree import Cell, Syntax, Tree, next_after
from shigotoba_wire.errors import SettingsError

LOOPBACK: Final = "127.0.0.1"
USM: Final = 3
AUTHENTICATED_AND_PRIVATE: Final = 3
"""Numbers of the user-based security model and of its highest level (RFC 3411)."""

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

    def __init__(self, port: int, tree: Callable[[], Tree], manners: Manners | None = None) -> None:
        self._port = port
        self._tree = tree
        self._manners = manners or Manners()
        self._engine: SnmpEngine | None = None

    async def open(self) -> None:
        """Bind the port and answer from now on.

        Raises:
            SettingsError: The port is taken or not ours to take.
        """
        bound = _bound(self._port)
        # Half a second of reading MIB files, during which the radio should not fall silent.
        engine = await asyncio.to_thread(_engine, self._manners)
        endpoint = _Doorstep(self._manners.admits)
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


class _Doorstep(udp.UdpAsyncioTransport):
    """A transport that lets in what ``admits`` says; everything else was never there."""

    def __init__(self, admits: Callable[[bytes], bool]) -> None:
        super().__init__()
        self._admits = admits

    def datagram_received(self, datagram: bytes, transportAddress: Any) -> None:  # noqa: N803 (pysnmp's name)
        if self._admits(datagram):
            super().datagram_received(datagram, transportAddress)


class _Instrumentation:
    """The two methods that pysnmp asks for values: pairs of name and value in, the same with values filled in out."""

    def __init__(self, tree: Callable[[], Tree]) -> None:
        self._tree = tree

    def read_variables(self, *asked: Any, **context: Any) -> list[Any]:
        _refuse_the_open(context["snmpEngine"])
        tree = self._tree()
        return [(name, _value(tree.get(tuple(name)))) for name, _ in asked]

    def read_next_variables(self, *asked: Any, **context: Any) -> list[Any]:
        _refuse_the_open(context["snmpEngine"])
        tree = self._tree()
        return [_next(tree, name) for name, _ in asked]


def _next(tree: Tree, name: Any) -> tuple[Any, Any]:
    following = next_after(tree, tuple(name))
    if following is None:
        return name, rfc1905.endOfMibView
    return rfc1902.ObjectName(following), _value(tree[following])


def _value(cell: Cell | None) -> Any:
    return rfc1905.noSuchInstance if cell is None else _TYPES[cell.syntax](cell.value)


def _refuse_the_open(engine: SnmpEngine) -> None:
    """A version 3 user may leave out the passwords by asking for less security; a printer refuses that."""
    asked = engine.observer.get_execution_context("rfc3412.receiveMessage:request")
    if asked["securityModel"] == USM and asked["securityLevel"] != AUTHENTICATED_AND_PRIVATE:
        raise AuthorizationError(idx=0)


def _engine(manners: Manners) -> SnmpEngine:
    engine = SnmpEngine()
    if manners.engine is not None:
        _name(engine, manners.engine)
    config.add_v1_system(engine, "reader", manners.community)
    if manners.login is not None:
        config.add_v3_user(
            engine,
            manners.login.user,
            config.USM_AUTH_HMAC192_SHA256,
            manners.login.auth_password,
            config.USM_PRIV_CFB128_AES,
            manners.login.privacy_password,
        )
    return engine


def _name(engine: SnmpEngine, known_as: Engine) -> None:
    # Given to the constructor, the identity would make pysnmp keep a file of its own in the system's temporary folder.
    identity, boots = engine.get_mib_builder().import_symbols("__SNMP-FRAMEWORK-MIB", "snmpEngineID", "snmpEngineBoots")
    identity.syntax = engine.snmpEngineID = identity.syntax.clone(known_as.identity)
    boots.syntax = boots.syntax.clone(known_as.boots)


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
