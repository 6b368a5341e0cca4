"""Making a printer's acquaintance: which protocol version, which serial number, which objects to read from now on.

Everything that takes many requests happens here, once per waking of the device; a poll is then two or three GETs.

Responsible for finding out. Refuses to poll (see ``visits``).
"""

from __future__ import annotations

from typing import Final

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine, UdpTransportTarget

from shigotoba_edge.drivers.printer_snmp import mib
from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value
from shigotoba_edge.drivers.printer_snmp.printer import Printer, serial_of
from shigotoba_edge.drivers.printer_snmp.profiles import plan, profiles
from shigotoba_edge.drivers.printer_snmp.session import V1, V2C, NoAnswerError, Session, SnmpError

SETTLED: Final = 10 * 60 * 100
"""Hundredths of a second after which a device has started completely."""


async def session_with(engine: SnmpEngine, target: UdpTransportTarget, community: str) -> Session:
    """A session in v2c if the device answers it, else in v1.

    Raises:
        SnmpError: It answers neither.
    """
    session = Session(engine, target, community, V2C)
    try:
        await session.get([mib.SYS_UPTIME])
    except NoAnswerError:
        session = Session(engine, target, community, V1)
        await session.get([mib.SYS_UPTIME])
    return session


async def meet(session: Session) -> Printer:
    """The printer behind a session.

    Raises:
        SnmpError: It does not answer, has no serial number, or is still starting.
    """
    at, value = await session.first(mib.SERIAL_NUMBER) or ((), None)
    serial = serial_of(value)
    if serial is None:
        raise SnmpError("no_serial", "it has no serial number; counters are kept by serial number, so it is not read")
    system = await session.get([mib.SYS_OBJECT_ID, mib.SYS_UPTIME])
    uptime = system.get(mib.SYS_UPTIME)
    uptime = uptime if isinstance(uptime, int) else None
    counters = await _life_count(session) | await _vendor_counters(session, system.get(mib.SYS_OBJECT_ID), uptime)
    return Printer(serial, at, uptime, counters)


async def _life_count(session: Session) -> dict[str, tuple[Oid, ...]]:
    unit = await session.first(mib.COUNTER_UNIT)
    count = await session.first(mib.LIFE_COUNT)
    if unit is None or count is None or not isinstance(unit[1], int) or unit[1] not in mib.TOTAL_BY_UNIT:
        return {}
    return {mib.TOTAL_BY_UNIT[unit[1]]: (count[0],)}


async def _vendor_counters(session: Session, object_id: Value | None, uptime: int | None) -> dict[str, tuple[Oid, ...]]:
    enterprise = mib.enterprise_of(object_id) if isinstance(object_id, tuple) else None
    profile = profiles().get(enterprise) if enterprise is not None else None
    if profile is None:
        return {}
    counters = plan(profile, await session.walk(mib.oid(profile.keys)))
    # The life count may differ from the vendor's total; one series must not be made of both.
    if not counters and uptime is not None and uptime < SETTLED:
        raise SnmpError("starting", f"its {profile.vendor} counters are not there yet")
    return counters
