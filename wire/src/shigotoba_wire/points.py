"""The vocabulary of points: what can be measured, as which kind of value, in which unit.

Responsible for names, kinds and SenML units. Refuses to say how a point is computed from bytes (drivers) or used
(rollups). A new kind of measurement is one line here.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from shigotoba_wire.readings import Value


class Kind(enum.Enum):
    """Which kind of value a point carries."""

    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"


class PointType(msgspec.Struct, frozen=True):
    """A line of the vocabulary.

    Attributes:
        kind: The kind of value.
        unit: SenML unit (RFC 8428 section 12.1 and RFC 8798), empty where there is none.
        meaning: One sentence for the data dictionary.
    """

    kind: Kind
    unit: str
    meaning: str


VOCABULARY: Final[dict[str, PointType]] = {
    "occupancy": PointType(Kind.TRUTH, "", "Somebody is at the seat or in the booth."),
    "occupancy_raw": PointType(
        Kind.TRUTH, "", "What the sensor itself said of occupancy, where `occupancy` is worked out from it."
    ),
    "motion": PointType(Kind.TRUTH, "", "Movement was seen."),
    "contact": PointType(Kind.TRUTH, "", "The contact (door, window) is closed."),
    "button": PointType(
        Kind.TEXT,
        "",
        "A button: 'AI', 'AO', 'BI', 'BO' or 'released' for rockers, 'press', 'double', 'long' for others.",
    ),
    "battery_pct": PointType(Kind.NUMBER, "%EL", "Remaining charge of the sensor's battery."),
    "voltage_v": PointType(Kind.NUMBER, "V", "Supply voltage of the sensor."),
    "count": PointType(Kind.NUMBER, "count", "A device's own event count."),
    "impressions_total": PointType(Kind.NUMBER, "count", "Sides marked since manufacture, all functions together."),
    "impressions_print": PointType(Kind.NUMBER, "count", "Sides printed from computers since manufacture."),
    "impressions_copy": PointType(Kind.NUMBER, "count", "Sides copied since manufacture."),
    "impressions_fax": PointType(Kind.NUMBER, "count", "Sides printed for received faxes since manufacture."),
    "impressions_other": PointType(
        Kind.NUMBER, "count", "Sides for reports, lists and stored files since manufacture."
    ),
    "impressions_mono": PointType(Kind.NUMBER, "count", "Sides marked in black only, all functions together."),
    "impressions_colour": PointType(Kind.NUMBER, "count", "Sides marked in any colour, all functions together."),
    "impressions_print_mono": PointType(Kind.NUMBER, "count", "Sides printed from computers in black only."),
    "impressions_print_colour": PointType(Kind.NUMBER, "count", "Sides printed from computers in any colour."),
    "impressions_copy_mono": PointType(Kind.NUMBER, "count", "Sides copied in black only."),
    "impressions_copy_colour": PointType(Kind.NUMBER, "count", "Sides copied in any colour."),
    "impressions_large": PointType(Kind.NUMBER, "count", "Sides of large format (A3, ledger), all functions together."),
    "impressions_duplex": PointType(Kind.NUMBER, "count", "Sides marked on sheets that were marked on both sides."),
    "sheets_duplex": PointType(Kind.NUMBER, "count", "Sheets marked on both sides since manufacture."),
    "duplex_count": PointType(
        Kind.NUMBER, "count", "Two-sided output where the device does not say whether it counts sheets or sides."
    ),
    "sheets_total": PointType(Kind.NUMBER, "count", "Sheets fed since manufacture, where the device counts sheets."),
    "fax_sent": PointType(Kind.NUMBER, "count", "Fax pages sent since manufacture."),
    "fax_received": PointType(Kind.NUMBER, "count", "Fax pages received since manufacture."),
    "scan_sent": PointType(Kind.NUMBER, "count", "Pages scanned to files or mail since manufacture."),
    "scan_total": PointType(Kind.NUMBER, "count", "Pages scanned for whatever purpose since manufacture."),
    "printer_status": PointType(Kind.TEXT, "", "What a printer says it does: 'idle', 'printing', 'warmup', 'other'."),
    "printer_errors": PointType(Kind.TEXT, "", "What a printer complains of, such as 'jammed,no_paper', or 'none'."),
}


def fits(point: str, value: Value) -> bool:
    """Whether ``value`` is of the kind the vocabulary states for ``point``.

    Raises:
        KeyError: The point is not in the vocabulary.
    """
    kind = VOCABULARY[point].kind
    if kind is Kind.TRUTH:
        return isinstance(value, bool)
    if kind is Kind.TEXT:
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool)
