"""Counts that tables show and that the model of people does not tell apart.

Responsible for splitting sums, always in the same way, so that no part ever falls.
"""

from __future__ import annotations

from shigotoba_sim.plan.counters import Counters


def scans_by_colour(counters: Counters) -> tuple[int, int]:
    """Pages scanned in colour and in black; two in five are coloured."""
    colour = counters.scan_sent * 2 // 5
    return colour, counters.scan_sent - colour


def large(count: int) -> int:
    """How many of ``count`` sides are A3: one in twelve."""
    return count // 12


def duplex_sheets(counters: Counters) -> int:
    """Sheets with two sides."""
    return counters.impressions_total - counters.sheets


def mono_total(counters: Counters) -> int:
    """Sides in black, all functions together; faxes and reports are black."""
    return counters.print_mono + counters.copy_mono + counters.fax_print + counters.other


def colour_total(counters: Counters) -> int:
    """Sides in colour, all functions together."""
    return counters.print_colour + counters.copy_colour
