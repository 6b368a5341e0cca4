"""What kinds of devices, their states and what they measure are called. Responsible for these words alone."""

from __future__ import annotations

from typing import Final

from shigotoba_dashboard.words import Words, message

_KINDS: Final = {
    "seat_sensor": message("Seat sensor"),
    "booth_sensor": message("Booth sensor"),
    "booth_button": message("Booth button"),
    "mfp": message("Printer"),
}
_STATES: Final = {
    "never": message("× Never heard"),
    "stale": message("▲ Silent"),
    "alive": message("○ Heard"),
}
_POINTS: Final = {
    "occupancy": message("in use or free"),
    "motion": message("movement"),
    "button": message("button"),
    "battery_pct": message("battery (%)"),
    "voltage_v": message("supply voltage (V)"),
    "count": message("count of events"),
    "impressions_total": message("sides, all"),
    "impressions_print": message("sides printed"),
    "impressions_copy": message("sides copied"),
    "impressions_fax": message("sides of received faxes"),
    "impressions_other": message("sides, other"),
    "impressions_mono": message("sides in black"),
    "impressions_colour": message("sides in colour"),
    "impressions_print_mono": message("sides printed in black"),
    "impressions_print_colour": message("sides printed in colour"),
    "impressions_copy_mono": message("sides copied in black"),
    "impressions_copy_colour": message("sides copied in colour"),
    "impressions_large": message("sides of large format"),
    "impressions_duplex": message("sides of duplex sheets"),
    "sheets_total": message("sheets, all"),
    "sheets_duplex": message("duplex sheets"),
    "fax_sent": message("fax pages sent"),
    "fax_received": message("fax pages received"),
    "scan_sent": message("pages scanned and sent"),
    "scan_total": message("pages scanned"),
    "printer_status": message("printer status"),
    "printer_errors": message("printer errors"),
}


def point_word(point: str, words: Words) -> str:
    """What is measured, in the reader's language; its code where it has no words."""
    return words.say(_POINTS.get(point, point))


def kind_word(kind: str, words: Words) -> str:
    """The kind in the reader's language."""
    return words.say(_KINDS.get(kind, kind))


def state_word(state: str, words: Words) -> str:
    """The state with its sign."""
    return words.say(_STATES.get(state, state))
