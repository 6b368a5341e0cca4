"""Lists behind the numbers: what was refused, and every device.

Responsible for these rows. Refuses an order of urgency: that is the list of tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shigotoba_backend.read.devices import DeviceSeen
from shigotoba_backend.read.trouble import Refusal
from shigotoba_dashboard import reasons
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import moment
from shigotoba_dashboard.pages.devices.kinds import kind_word, state_word
from shigotoba_dashboard.records import Field, Records, amount, number, prose, text


def when(key: str, title: str, filters: Filters) -> Field:
    """A column of moments."""

    def write(at: datetime) -> str:
        return moment(at, filters.at, filters.zone, filters.words)

    return Field(key, title, "", write)


def refusals(found: Sequence[Refusal], filters: Filters) -> Records:
    """What was refused, with what to do."""
    words = filters.words
    fields = (
        text("reason", words.say("Reason")),
        text("gateway", words.say("Gateway")),
        text("device", words.say("Device")),
        number("times", words.say("Times"), "times"),
        when("last_at", words.say("Last time"), filters),
        text("detail", words.say("The newest")),
        prose("action", words.say("Next step")),
    )
    rows = tuple(
        (
            reasons.meaning(each.reason, words),
            each.gateway,
            each.device,
            each.times,
            each.last_at,
            each.detail,
            reasons.action(each.reason, words),
        )
        for each in found
    )
    return Records("set-aside", words.say("Readings and messages set aside"), fields, rows)


def devices(found: Sequence[DeviceSeen], filters: Filters) -> Records:
    """Every device, leading to what it said."""
    words = filters.words
    fields = (
        text("device", words.say("Device")),
        text("kind", words.say("Kind")),
        text("place", words.say("Place")),
        text("state", words.say("State")),
        when("last_seen_at", words.say("Last heard"), filters),
        amount("battery", words.say("Battery (%)"), "percent", 0),
    )
    rows = tuple(
        (
            each.device,
            kind_word(each.kind, words),
            each.space_name,
            state_word(each.state, words),
            each.last_seen_at,
            each.battery_pct,
        )
        for each in found
    )
    links = tuple(filters.address("device", device=each.device) for each in found)
    return Records("devices", words.say("All devices"), fields, rows, links)
