"""Asks one SNMP agent through pysnmp.

Few objects in a request, one request at a time: a printer's network card is a small computer, and some restart when
they are asked for much (research/edge.md section 9, line 16). Values come back as plain numbers, bytes and tuples.

Responsible for requests and their time limits. Refuses to know printers (see ``acquaintance``).
"""
# pysnmp ships no type information; what it returns is given its type here, at the boundary.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from pyasn1.error import PyAsn1Error
from pyasn1.type.univ import Integer, Null, ObjectIdentifier, OctetString
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_cmd,
    get_cmd,
    next_cmd,
    usmAesBlumenthalCfb192Protocol,
    usmAesBlumenthalCfb256Protocol,
    usmAesCfb128Protocol,
    usmHMAC128SHA224AuthProtocol,
    usmHMAC192SHA256AuthProtocol,
    usmHMAC256SHA384AuthProtocol,
    usmHMAC384SHA512AuthProtocol,
    usmHMACSHAAuthProtocol,
)
from pysnmp.proto import errind

from shigotoba_edge.drivers.printer_snmp.access import Access, User
from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value
from shigotoba_edge.drivers.printer_snmp.transport import CarefulTarget

V1: Final = 0
V2C: Final = 1
V3: Final = 3
"""Message processing models; some printers are silent when asked in v2c and answer v1."""

_HASHES: Final = {
    "sha1": usmHMACSHAAuthProtocol,
    "sha224": usmHMAC128SHA224AuthProtocol,
    "sha256": usmHMAC192SHA256AuthProtocol,
    "sha384": usmHMAC256SHA384AuthProtocol,
    "sha512": usmHMAC384SHA512AuthProtocol,
}
_CIPHERS: Final = {
    "aes128": usmAesCfb128Protocol,
    "aes192": usmAesBlumenthalCfb192Protocol,
    "aes256": usmAesBlumenthalCfb256Protocol,
}
_REFUSALS: Final = (
    errind.UnknownUserName,
    errind.WrongDigest,
    errind.AuthenticationFailure,
    errind.UnsupportedSecurityLevel,
    errind.DecryptionError,
)

GROUP_OBJECTS: Final = 8
BULK_ROWS: Final = 10
MOST_ROWS: Final = 2_000
RETRIES: Final = 1

_NO_SUCH_NAME: Final = 2


class SnmpError(Exception):
    """A device did not answer as hoped; ``reason`` is the word it is counted under."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class NoAnswerError(SnmpError):
    """Nothing came back: asleep, off, another community, another version."""

    def __init__(self, where: str) -> None:
        super().__init__("no_answer", f"{where} does not answer")


class Session:
    """One agent, asked in one version of the protocol.

    Raises:
        KeyError: Nothing in ``access`` opens that version.
    """

    def __init__(self, engine: SnmpEngine, target: UdpTransportTarget, access: Access, version: int) -> None:
        self._engine = engine
        self._target = target
        self._credentials = _credentials(access)[version]
        self._where = "{}:{}".format(*target.transport_address)
        # pysnmp counts its time limits on the wall clock, which may be set back; this one cannot.
        self._patience_s = 2 * target.timeout * (RETRIES + 1) + 1
        self.version = version

    async def get(self, objects: Sequence[Oid]) -> dict[Oid, Value]:
        """The values of those objects that the device has.

        Raises:
            SnmpError: There was no answer, or an error instead.
        """
        values: dict[Oid, Value] = {}
        for start in range(0, len(objects), GROUP_OBJECTS):
            values |= await self._get_group(list(objects[start : start + GROUP_OBJECTS]))
        return values

    async def first(self, column: Oid) -> tuple[Oid, Value] | None:
        """The first object of a table's column and its value, whatever its index; None if there is none.

        Raises:
            SnmpError: There was no answer, or an error instead.
        """
        for at, value in await self._following(column, 1):
            if at[: len(column)] == column and value is not None:
                return at, value
        return None

    async def walk(self, column: Oid) -> dict[Oid, Value]:
        """All objects of a table's column.

        Raises:
            SnmpError: There was no answer, an error instead, or no end.
        """
        rows: dict[Oid, Value] = {}
        at = column
        while len(rows) < MOST_ROWS:
            following = await self._following(at, BULK_ROWS)
            if not following:
                return rows
            for at_next, value in following:
                if at_next[: len(column)] != column or value is None:
                    return rows
                if at_next <= at:
                    raise SnmpError("snmp_error", f"{self._where}: its tables are not in order")
                at = at_next
                rows[at] = value
        raise SnmpError("snmp_error", f"{self._where}: a table of more than {MOST_ROWS} rows")

    async def _get_group(self, objects: list[Oid]) -> dict[Oid, Value]:
        while objects:
            status, index, bindings = await self._ask(get_cmd, _asked(objects))
            if status != _NO_SUCH_NAME:
                return {at: value for at, value in bindings if value is not None}
            # Version 1 refuses the whole request for one object that is not there, and says which.
            if not 1 <= index <= len(objects):
                raise SnmpError("snmp_error", f"{self._where}: refuses object {index} of {len(objects)}")
            del objects[index - 1]
        return {}

    async def _following(self, at: Oid, rows: int) -> list[tuple[Oid, Value | None]]:
        if self.version == V1:
            status, _, bindings = await self._ask(next_cmd, _asked([at]))
            return [] if status == _NO_SUCH_NAME else bindings
        _, _, bindings = await self._ask(bulk_cmd, [0, rows, *_asked([at])])
        return bindings

    async def _ask(self, command: Any, arguments: Sequence[Any]) -> tuple[int, int, list[tuple[Oid, Value | None]]]:
        """Status, index of the object it is about, and the bindings that came back."""
        try:
            async with asyncio.timeout(self._patience_s):
                indication, status, index, bindings = await command(
                    self._engine, self._credentials, self._target, ContextData(), *arguments, lookupMib=False
                )
        except TimeoutError as error:
            raise NoAnswerError(self._where) from error
        except (PySnmpError, PyAsn1Error) as error:
            raise SnmpError("snmp_error", f"{self._where}: {error}") from error
        if isinstance(indication, errind.RequestTimedOut):
            raise NoAnswerError(self._where)
        if isinstance(indication, _REFUSALS):
            raise SnmpError("refused", f"{self._where} refuses the SNMPv3 user ({indication}). Check name and keys.")
        if indication or int(status) not in (0, _NO_SUCH_NAME):
            raise SnmpError("snmp_error", f"{self._where}: {indication or status.prettyPrint()}")
        return int(status), int(index), [(tuple(at), _plain(value)) for at, value in bindings]


async def target_at(host: str, port: int, answer_within_s: float) -> UdpTransportTarget:
    """The agent at this name or address, given so long to answer before it is asked again, once.

    Raises:
        SnmpError: The name cannot be resolved.
    """
    try:
        return await CarefulTarget.create((host, port), timeout=answer_within_s, retries=RETRIES)
    except PySnmpError as error:
        raise SnmpError("no_answer", f"{host}: {error}") from error


def versions(access: Access) -> list[int]:
    """The versions to try, the best first."""
    return sorted(_credentials(access), reverse=True)


def _credentials(access: Access) -> dict[int, CommunityData | UsmUserData]:
    opened: dict[int, CommunityData | UsmUserData] = {}
    if access.user is not None:
        opened[V3] = _user(access.user)
    if access.community is not None:
        opened |= {version: CommunityData(access.community, mpModel=version) for version in (V2C, V1)}
    return opened


def _user(user: User) -> UsmUserData:
    return UsmUserData(
        user.name,
        authKey=user.auth_key,
        authProtocol=_HASHES[user.auth],
        privKey=user.privacy_key,
        privProtocol=_CIPHERS[user.privacy] if user.privacy_key else None,
    )


def _asked(objects: Sequence[Oid]) -> list[ObjectType]:
    return [ObjectType(ObjectIdentity(at)) for at in objects]


def _plain(value: object) -> Value | None:
    """The value without pysnmp's types; None for "no such object" and its like."""
    if isinstance(value, Integer):
        return int(value)
    # In pyasn1 a Null, which "no such object" is, is an octet string as well.
    if isinstance(value, OctetString) and not isinstance(value, Null):
        return bytes(value)
    if isinstance(value, ObjectIdentifier):
        return tuple(value)
    return None
