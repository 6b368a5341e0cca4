"""Making a printer's acquaintance: which protocol version, which serial number, which objects to read from now on.

Everything that takes many requests happens here, once per waking of the device; a poll is then a few GETs.

Responsible for finding out. Refuses to poll (see ``visits``).
"""

from __future__ import annotations

from typing import Final

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine, UdpTransportTarget

from shigotoba_edge.drivers.printer_snmp import mib, pwg
from shigotoba_edge.drivers.printer_snmp.access import Access
from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid
from shigotoba_edge.drivers.printer_snmp.printer import Printer, serial_of
from shigotoba_edge.drivers.printer_snmp.profiles import Coded, Counters, Labelled, Profile, Records, profiles
from shigotoba_edge.drivers.printer_snmp.session import Session, SnmpError, versions
from shigotoba_edge.drivers.printer_snmp.sources import Source

SETTLED: Final = 10 * 60 * 100
"""Hundredths of a second after which a device has started completely."""


async def session_with(engine: SnmpEngine, target: UdpTransportTarget, access: Access) -> Session:
    """A session in the best version that the device answers.

    Raises:
        SnmpError: It answers none; what it said to the best one.
    """
    errors: list[SnmpError] = []
    for version in versions(access):
        session = Session(engine, target, access, version)
        try:
            await session.get([mib.SYS_UPTIME])
        except SnmpError as error:
            errors.append(error)
        else:
            return session
    raise errors[0]


async def meet(session: Session) -> Printer:
    """The printer behind a session.

    Raises:
        SnmpError: It does not answer, has no serial number, or is still starting.
    """
    system = await session.get([mib.SYS_OBJECT_ID, mib.SYS_UPTIME])
    profile = _profile(system.get(mib.SYS_OBJECT_ID))
    at, serial = await _serial(session, profile)
    uptime = system.get(mib.SYS_UPTIME)
    uptime = uptime if isinstance(uptime, int) else None
    vendors = await _vendor_counters(session, profile, uptime) if profile else {}
    model = await session.first(mib.MODEL)
    return Printer(
        serial=serial,
        serial_at=at,
        uptime=uptime,
        counters=await _life_count(session) | await _pwg_counters(session) | vendors,
        status_at=await _place(session, mib.PRINTER_STATUS),
        errors_at=await _place(session, mib.PRINTER_ERRORS),
        vendor=profile.vendor if profile else "",
        model=_text(model[1]) if model else "",
    )


def _profile(object_id: Value | None) -> Profile | None:
    enterprise = mib.enterprise_of(object_id) if isinstance(object_id, tuple) else None
    return profiles().get(enterprise) if enterprise is not None else None


async def _serial(session: Session, profile: Profile | None) -> tuple[Oid, str]:
    at, value = await session.first(mib.SERIAL_NUMBER) or ((), None)
    serial = serial_of(value)
    if serial is None and profile is not None and profile.serial:
        at = oid(profile.serial)
        serial = serial_of((await session.get([at])).get(at))
    if serial is None:
        raise SnmpError("no_serial", "it has no serial number; counters are kept by serial number, so it is not read")
    return at, serial


async def _life_count(session: Session) -> Counters:
    unit = await session.first(mib.COUNTER_UNIT)
    count = await session.first(mib.LIFE_COUNT)
    if unit is None or count is None or not isinstance(unit[1], int) or unit[1] not in mib.TOTAL_BY_UNIT:
        return {}
    return {mib.TOTAL_BY_UNIT[unit[1]]: (Source(count[0]),)}


async def _pwg_counters(session: Session) -> Counters:
    types = await session.walk(pwg.SERVICE_TYPE)
    if not types:
        return {}
    counters = pwg.plan(pwg.services(types, await session.walk(pwg.SUBUNIT_INDEX)))
    objects = [source.at for sources in counters.values() for source in sources]
    return pwg.offered(counters, await session.get(objects))


async def _vendor_counters(session: Session, profile: Profile, uptime: int | None) -> Counters:
    found = [await _table_counters(session, table) for table in profile.table]
    # The life count may differ from the vendor's total; one series must not be made of both.
    if not any(found) and uptime is not None and uptime < SETTLED:
        raise SnmpError("starting", f"its {profile.vendor} counters are not there yet")
    counters: Counters = {}
    for table in found:
        counters = table | counters
    return counters


async def _table_counters(session: Session, table: Labelled | Coded | Records) -> Counters:
    match table:
        case Labelled():
            return table.plan(await session.walk(oid(table.labels)))
        case Coded():
            return table.plan(await session.get(table.objects()))
        case Records():
            at = oid(table.object)
            return table.plan((await session.get([at])).get(at))


async def _place(session: Session, column: Oid) -> Oid | None:
    found = await session.first(column)
    return found[0] if found else None


def _text(value: Value) -> str:
    return value.decode("utf-8", errors="replace").strip("\0 \t\r\n") if isinstance(value, bytes) else ""
