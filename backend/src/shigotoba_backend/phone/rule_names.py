"""The rules for booking in the words of the page, in groups.

Responsible for these words. Refuses to know what the rules do (see ``bookings.rules``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shigotoba_backend.texts import message

NAMES: Final[Mapping[str, str]] = {
    "grace_min": message("Minutes a booking waits for its person"),
    "early_check_in_min": message("Minutes before the start from which check-in is open"),
    "presence_checks_in": message("A sensor that sees somebody checks in"),
    "default_walk_in_min": message("Minutes a walk-in lasts"),
    "shortest_walk_in_min": message("Shortest gap in minutes that is given to a walk-in"),
    "extend_min": message("Minutes by which one tap extends"),
    "second_press": message("A further press of the booth's button"),
    "shortest_min": message("Shortest booking in minutes"),
    "longest_min": message("Longest booking in minutes, extensions included"),
    "days_ahead": message("Days ahead that can be booked"),
    "buffer_min": message("Pause in minutes after each booking"),
    "over_midnight": message("Bookings over midnight"),
    "outside_hours": message("Bookings outside opening hours"),
    "visitors": message("People of other sites may book (business trips)"),
    "approval": message("Each booking needs agreement"),
    "concurrent": message("Bookings a person may have at the same time"),
    "day_count": message("Bookings a person may have per day"),
    "day_hours": message("Hours a person may have per day"),
    "week_count": message("Bookings a person may have per week"),
    "week_hours": message("Hours a person may have per week"),
    "strikes_most": message("No-shows that cost the right to book (0: no such rule)"),
    "strike_days": message("Days for which a no-show counts"),
    "strike_ban_days": message("Days without bookings after the last no-show"),
    "patience_min": message("Minutes without being seen before somebody is asked"),
    "answer_min": message("Minutes to answer before the staff are told"),
    "reminder_min": message("Minutes before the start for the reminder"),
    "release_warning_min": message("Minutes before a release for the warning"),
    "offer_min": message("Minutes an offer from the waiting list is kept"),
}
"""Name by rule."""

YES_OR_NO: Final[Mapping[str, str]] = {"yes": message("yes"), "no": message("no")}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "second_press": {
        "extend": message("the use goes on longer"),
        "end": message("the use ends"),
        "nothing": message("nothing changes"),
    }
}
"""What can be said where it is a word: word by value, by rule."""

GROUPS: Final = (
    (message("Coming and going"), tuple(NAMES)[:7]),
    (message("Length and time"), tuple(NAMES)[7:13]),
    (message("Who, and how much"), tuple(NAMES)[13:23]),
    (message("Questions and messages"), tuple(NAMES)[23:]),
)
"""The rules in the order of the page."""
