"""The standard objects every printer has, and what an SNMP value is to us.

Sources: SNMPv2-MIB (RFC 3418), Host Resources MIB (RFC 2790), Printer-MIB (RFC 3805); research/edge.md section 5.1.

Responsible for names and number types. Refuses to ask (see ``session``).
"""

from __future__ import annotations

from typing import Final

Oid = tuple[int, ...]
Value = int | bytes | Oid
"""A number of any SNMP type, an octet string, an object identifier."""


def oid(text: str) -> Oid:
    """The object identifier written as ``1.3.6.1``.

    Raises:
        ValueError: It is none.
    """
    return tuple(int(part) for part in text.split("."))


SYS_OBJECT_ID: Final = oid("1.3.6.1.2.1.1.2.0")
SYS_UPTIME: Final = oid("1.3.6.1.2.1.1.3.0")
"""In hundredths of a second; falls when the device restarts, or after 497 days."""

SERIAL_NUMBER: Final = oid("1.3.6.1.2.1.43.5.1.1.17")
"""Column prtGeneralSerialNumber."""

COUNTER_UNIT: Final = oid("1.3.6.1.2.1.43.10.2.1.3")
"""Column prtMarkerCounterUnit: what the life count counts."""

LIFE_COUNT: Final = oid("1.3.6.1.2.1.43.10.2.1.4")
"""Column prtMarkerLifeCount, Counter32."""

TOTAL_BY_UNIT: Final = {7: "impressions_total", 8: "sheets_total"}
"""Our point for the life count by counter unit; inches, hours and characters say nothing about pages."""

MODEL: Final = oid("1.3.6.1.2.1.25.3.2.1.3")
"""Column hrDeviceDescr."""

PRINTER_STATUS: Final = oid("1.3.6.1.2.1.25.3.5.1.1")
"""Column hrPrinterStatus."""

PRINTER_ERRORS: Final = oid("1.3.6.1.2.1.25.3.5.1.2")
"""Column hrPrinterDetectedErrorState, bits from the most significant of the first octet."""

STATUS_WORDS: Final = {1: "other", 2: "unknown", 3: "idle", 4: "printing", 5: "warmup"}

ERROR_WORDS: Final = (
    "low_paper",
    "no_paper",
    "low_toner",
    "no_toner",
    "door_open",
    "jammed",
    "offline",
    "service_requested",
    "input_tray_missing",
    "output_tray_missing",
    "marker_supply_missing",
    "output_near_full",
    "output_full",
    "input_tray_empty",
    "overdue_maintenance",
)

ENTERPRISES: Final = oid("1.3.6.1.4.1")


def enterprise_of(object_id: Oid) -> int | None:
    """The vendor's private enterprise number in a sysObjectID; None if it is not below ``ENTERPRISES``."""
    depth = len(ENTERPRISES)
    return object_id[depth] if object_id[:depth] == ENTERPRISES and len(object_id) > depth else None


def status_word(value: Value | None) -> str | None:
    """What hrPrinterStatus says; None if it says nothing we know."""
    return STATUS_WORDS.get(value) if isinstance(value, int) else None


def error_words(value: Value | None) -> str | None:
    """What hrPrinterDetectedErrorState says, such as ``no_paper,jammed``, or ``none``; None if it is not there."""
    if not isinstance(value, bytes):
        return None
    bits = ((octet << place) & 0x80 for octet in value for place in range(8))
    return ",".join(word for word, bit in zip(ERROR_WORDS, bits, strict=False) if bit) or "none"
