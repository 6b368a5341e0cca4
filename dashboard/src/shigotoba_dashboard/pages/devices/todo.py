"""The list to work through: each thing with its place, since when, and the next step in words.

Responsible for turning what the read side sees into tasks, the most urgent first. Refuses to guess causes, and to tell
what a printer printed to who may not see its figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shigotoba_backend.arranging.rises import HeldRise
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.coverage import Coverage, GatewayCoverage
from shigotoba_backend.read.devices import DeviceSeen
from shigotoba_backend.read.trouble import Hole
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import count, moment
from shigotoba_dashboard.pages.devices.kinds import kind_word, point_word
from shigotoba_dashboard.records import Field, Records, prose, text
from shigotoba_dashboard.words import Words, message

LOW_BATTERY_PCT: Final = 20.0
#: A gateway says how it is every few seconds.
_SILENT_AFTER: Final = timedelta(minutes=2)
_BACKLOG: Final = 1_000

_SILENT_ACTIONS: Final = {
    "mfp": message("Look whether the printer is on and on the network, and whether SNMP is still allowed."),
    "booth_button": message("Press it once. If it stays silent, look at its place and its gateway."),
}
_SILENT_SENSOR: Final = message("Change its battery. If it stays silent, look at its place and its gateway.")
_NEVER: Final = message("Check that its code was entered as printed on it, and commission it near the gateway.")


@dataclass(frozen=True)
class Task:
    """One thing to see to.

    Attributes:
        what: The thing.
        device: Code of the device; None where it is none.
        where: Its place.
        state: What is the matter, with a sign.
        since: Since when; None when nobody knows.
        action: What to do next.
    """

    what: str
    device: str | None
    where: str
    state: str
    since: datetime | None
    action: str


def tasks(
    devices: Sequence[DeviceSeen],
    coverage: Coverage,
    holes: Sequence[Hole],
    rises: Sequence[HeldRise],
    filters: Filters,
) -> list[Task]:
    """Everything that needs somebody: gateways first, for a silent one silences its sensors."""
    words = filters.words
    return [
        *_gateways(coverage, filters.at, words),
        *_holes(holes, words),
        *_silent(devices, words),
        *_batteries(devices, words),
        *_rises(rises, filters),
    ]


def records(found: Sequence[Task], filters: Filters) -> Records:
    """The tasks as rows."""
    words = filters.words
    fields = (
        text("what", words.say("What")),
        text("where", words.say("Place")),
        text("state", words.say("State")),
        Field("since", words.say("Since"), "", lambda at: moment(at, filters.at, filters.zone, words)),
        prose("action", words.say("Next step")),
    )
    rows = tuple((task.what, task.where, task.state, task.since, task.action) for task in found)
    links = tuple(filters.address("device", device=task.device) if task.device else None for task in found)
    return Records("devices-todo", words.say("What needs somebody"), fields, rows, links)


def _gateways(coverage: Coverage, now: datetime, words: Words) -> Iterator[Task]:
    for gateway in coverage.gateways:
        if gateway.health_at is None:
            # Every gateway reports within seconds of its start: this is a sender of past readings, whose work is done.
            continue
        name = words.say("Gateway {name}", name=gateway.gateway)
        if now - gateway.health_at > _SILENT_AFTER:
            action = message("Look at its power and its network. It keeps its readings and sends them when it is back.")
            yield Task(name, None, "", words.say("▲ Silent"), gateway.health_at, words.say(action))
        elif (gateway.waiting or 0) > _BACKLOG:
            yield _backlog(name, gateway, words)


def _backlog(name: str, gateway: GatewayCoverage, words: Words) -> Task:
    state = words.say("▲ {waiting} readings wait to be sent", waiting=count(gateway.waiting))
    action = words.say("Wait for it to catch up; if the number grows, look at its line and at the ingest process.")
    return Task(name, None, "", state, gateway.health_at, action)


def _holes(holes: Sequence[Hole], words: Words) -> Iterator[Task]:
    for gateway in sorted({hole.gateway for hole in holes}):
        missing = sum(hole.last - hole.first + 1 for hole in holes if hole.gateway == gateway)
        yield Task(
            words.say("Gateway {name}", name=gateway),
            None,
            "",
            words.say("▲ {missing} readings never arrived", missing=count(missing)),
            None,
            words.say("Look whether its disk was full or changed (its log and status page); the numbers are below."),
        )


def _silent(devices: Sequence[DeviceSeen], words: Words) -> Iterator[Task]:
    for device in sorted(devices, key=lambda device: device.state != "never"):
        if device.state == "alive":
            continue
        never = device.state == "never"
        action = _NEVER if never else _SILENT_ACTIONS.get(device.kind, _SILENT_SENSOR)
        state = words.say("× Never heard") if never else words.say("▲ Silent")
        yield _task(device, state, words.say(action), words)


def _batteries(devices: Sequence[DeviceSeen], words: Words) -> Iterator[Task]:
    for device in devices:
        if device.state == "alive" and device.battery_pct is not None and device.battery_pct <= LOW_BATTERY_PCT:
            state = words.say("△ Battery {percent}%", percent=f"{device.battery_pct:.0f}")
            yield _task(device, state, words.say("Change its battery on the next round."), words)


def _task(device: DeviceSeen, state: str, action: str, words: Words) -> Task:
    what = f"{kind_word(device.kind, words)} {device.device}"
    return Task(what, device.device, device.space_name or "—", state, device.last_seen_at, action)


def _rises(rises: Sequence[HeldRise], filters: Filters) -> Iterator[Task]:
    words = filters.words
    for rise in rises:
        state = words.say("△ A counter rose beyond belief: not counted yet")
        if filters.visitor.sees(Scope("device", f"{filters.site}/{rise.device}"), filters.site):
            counter = point_word(rise.counter, words)
            state = words.say("△ {counter} rose by {rise}: not counted yet", counter=counter, rise=count(rise.rise))
        action = words.say("Compare with the printer's own meter page, then release or refuse the rise.")
        yield Task(f"{words.say('Printer')} {rise.device}", rise.device, "—", state, rise.to_at, action)
