"""Devices: who is silent, who needs a battery, and everybody's last word.

Responsible for the section's frame and regions; those that need a person come first. Refuses diagnosis: silence is
all that is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dash.development.base_component import Component

from shigotoba_backend.read.devices import DeviceSeen
from shigotoba_dashboard.formats import NOTHING, moment
from shigotoba_dashboard.pages.behind.ways import to_device
from shigotoba_dashboard.pages.devices.kinds import kind_word, state_word
from shigotoba_dashboard.pages.devices.todo import LOW_BATTERY_PCT
from shigotoba_dashboard.parts import folded, live, scrolling, section, table_in_fold, table_of
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Today
from shigotoba_dashboard.tables import Column, Table
from shigotoba_dashboard.words import Words

_URGENCY: Final = ("never", "stale", "alive")


def frame(words: Words) -> Component:
    """The empty section."""
    waiting = words.say("Loading…")
    return section(
        "devices",
        words.say("Devices"),
        [
            live("device-counts", waiting, "headline"),
            scrolling(words.say("Devices that need attention"), live("device-attention", waiting)),
            folded(words.say("All devices as a list"), "device-list", words),
        ],
    )


def silent(devices: Iterable[DeviceSeen]) -> int:
    """How many are not heard."""
    return sum(1 for device in devices if device.state != "alive")


def needs_attention(device: DeviceSeen) -> bool:
    """Silent, or about to be."""
    return device.state != "alive" or _is_low(device)


def _is_low(device: DeviceSeen) -> bool:
    return device.battery_pct is not None and device.battery_pct <= LOW_BATTERY_PCT


def most_urgent_first(devices: Iterable[DeviceSeen]) -> list[DeviceSeen]:
    """Never heard, silent, low battery, the rest; within each in the order given."""
    return sorted(devices, key=lambda device: (_URGENCY.index(device.state), not _is_low(device)))


def _counts(today: Today, words: Words) -> str:
    low = sum(1 for device in today.devices if _is_low(device))
    return words.say(
        "{heard} of {all} devices heard, {silent} silent, {low} with a low battery (20% or less)",
        heard=len(today.devices) - silent(today.devices),
        all=len(today.devices),
        silent=silent(today.devices),
        low=low,
    )


def _attention(today: Today, words: Words) -> object:
    found = [device for device in today.devices if needs_attention(device)]
    if not found:
        return words.say("Nothing needs attention.")
    return table_of(_table(most_urgent_first(found), words.say("Devices that need attention"), today, words))


def _list(today: Today, words: Words) -> Component:
    return table_in_fold(_table(most_urgent_first(today.devices), words.say("All devices"), today, words))


def _table(devices: list[DeviceSeen], caption: str, today: Today, words: Words) -> Table:
    return Table(
        caption=caption,
        columns=(
            Column(words.say("Device")),
            Column(words.say("Kind")),
            Column(words.say("Place")),
            Column(words.say("State")),
            Column(words.say("Last heard")),
            Column(words.say("Battery"), number=True),
        ),
        rows=tuple(_row(device, today, words) for device in devices),
        marked=frozenset(number for number, device in enumerate(devices) if needs_attention(device)),
        links=tuple(to_device(today.site.code, device.device, today.day, words) for device in devices),
    )


def _row(device: DeviceSeen, today: Today, words: Words) -> tuple[str, ...]:
    return (
        device.device,
        kind_word(device.kind, words),
        device.space_name or NOTHING,
        state_word(device.state, words),
        moment(device.last_seen_at, today.at, today.zone, words),
        _battery(device),
    )


def _battery(device: DeviceSeen) -> str:
    if device.battery_pct is None:
        return NOTHING
    return f"{'▲ ' if _is_low(device) else ''}{device.battery_pct:.0f}%"


TODAY: Final[tuple[Region[Today], ...]] = (
    text_region("device-counts", lambda today: [(d.state, d.battery_pct) for d in today.devices], _counts),
    text_region("device-attention", lambda today: [d for d in today.devices if needs_attention(d)], _attention),
    text_region("device-list", lambda today: today.devices, _list),
)
