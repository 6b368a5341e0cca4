"""The booking engine's refusals as problems: an HTTP status, a sentence, the alternatives.

Responsible for the sentences of its codes. Refuses to know the rules behind them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Final

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.bookings.refusals import BookingRefusedError, Offer
from shigotoba_backend.texts import message

_STATUSES: Final = {
    **dict.fromkeys(("not_found",), 404),
    **dict.fromkeys(("not_permitted", "visitors_not_allowed", "strikes"), 403),
    **dict.fromkeys(("stale",), 412),
    **dict.fromkeys(("too_short", "too_long", "past", "too_far_ahead", "over_midnight", "bad_range", "bad_rules"), 422),
    **dict.fromkeys(("rules_contradict",), 422),
    **dict.fromkeys(("quota_count", "quota_hours", "concurrent", "too_many_guests", "not_open", "closed"), 422),
}
_CONFLICT: Final = 409

REASONS.update(
    {
        "taken": message("Somebody else has booked it until {until}."),
        "in_use": message("It is in use until {until}."),
        "not_open": message("It is not open at that time."),
        "closed": message("It is closed."),
        "too_short": message("That is too short. Take at least {shortest_min} minutes."),
        "too_long": message("That is too long. At most {longest_min} minutes are possible."),
        "past": message("That time has passed."),
        "too_far_ahead": message("That is too far ahead. Bookings are possible for the next {days_ahead} days."),
        "over_midnight": message("A booking may not go on over midnight here."),
        "quota_count": message("You have reached the most bookings: {limit}."),
        "quota_hours": message("You have reached the most hours: {limit_h}."),
        "concurrent": message("You already have a booking at that time."),
        "buffer": message("There is a pause after the booking before it. It is free from {free_from}."),
        "strikes": message("After bookings that were not used you cannot book until {until}. You may still walk in."),
        "visitors_not_allowed": message("This booth is for people of its own site."),
        "stale": message("The booking has changed in the meantime. Look at it again."),
        "wrong_state": message("This is not possible any more, or not yet. Look at the booking again."),
        "too_early": message("It is too early. You can check in from {opens_at}."),
        "lapsed": message("Nobody checked in, so it was released at {at}. Book again if you still need it."),
        "no_room_to_extend": message("It cannot be made longer: somebody else comes next."),
        "too_many_guests": message("There is no room for so many. Guests at most: {most}."),
        "key_reused": message("This was sent before as something else. Open the page anew."),
        "nothing_to_do": message("There is nothing to do."),
        "bad_rules": message("These rules cannot be: {what}"),
        "rules_contradict": message(
            "Bookings at {booth} would last {shortest_min} to {longest_min} minutes. Say both, or change the other one."
        ),
        "policy_overlaps": message("Something else is already said there for some of these days. Take it back first."),
        "bad_range": message("The end must be after the start."),
    }
)


def problem_of(refusal: BookingRefusedError) -> ProblemError:
    """The refusal as an answer over HTTP."""
    facts = {name: _plain(value) for name, value in refusal.facts.items()}
    alternatives = [_offered(offer) for offer in refusal.alternatives]
    return ProblemError(_STATUSES.get(refusal.code, _CONFLICT), refusal.code, facts, alternatives)


def _offered(offer: Offer) -> dict[str, object]:
    return {name: _plain(value) for name, value in asdict(offer).items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
