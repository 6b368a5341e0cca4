"""Why something cannot be arranged like that. Responsible for the sentences of these codes."""

from __future__ import annotations

from typing import Final

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.texts import message

_CODES: Final = {
    "no_such_space": message("There is no place “{place}” at this site."),
    "no_such_device": message("There is no device “{device}” at this site."),
    "no_such_entry": message("This entry is not there any more. Look again."),
    "not_a_code": message("“{text}” is not a code. Take letters, digits, - and _, at most 64."),
    "code_taken": message("The code “{text}” is taken."),
    "name_missing": message("A name is missing."),
    "past_is_settled": message("That is past ({at}). What a device has told counts where it was; take now or later."),
    "moved_later": message("This device already moves at {at}. Nothing was changed."),
    "already_there": message("It is there already."),
    "end_not_after_start": message("The end must be after the beginning."),
    "calendar_overlaps": message("Something is entered already for some of that time. Take it back first."),
    "no_such_rise": message("No rise is held under number {number}. List them to see which are."),
    "rise_reason_missing": message("A decision about a counter needs a reason: say what you saw at the printer."),
    "decided_meanwhile": message("{by} has decided about this since you looked ({reason}). Look again."),
    "serves_later": message("“{place}” changes its section on {first} already. Nothing was changed."),
    "no_such_gateway": message("{gateway} has never said how it is at site {site}. Nothing was done."),
    "no_such_driver": message("{gateway} has no driver “{driver}”. There are: {known}."),
    "asked_already": message("{gateway} was asked for this at {at} and has not answered yet. Wait for its answer."),
    "hours_in_the_past": message("Opening hours change from today on at the earliest ({first})."),
}
REASONS.update(_CODES)

_STATUS: Final = {"decided_meanwhile": 409}
"""What is not here is 422, or 404 where something is not there."""


def refuse(code: str, **facts: object) -> ProblemError:
    """The refusal with that code, to be raised."""
    return ProblemError(404 if code.startswith("no_such") else _STATUS.get(code, 422), code, facts)
