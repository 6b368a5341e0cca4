"""Plays the timeline as the clock runs: each thing that happens is told once, also one that a late command changed.

Responsible for what is new since the last time. Refuses to know devices (see ``live``) and clocks (the time is an
argument).
"""

from __future__ import annotations

from collections.abc import Iterator

from shigotoba_sim.commands import Command, CommandLog, Leave, Sit, event_of
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.events import Event, Presence
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings


class Playback:
    """A building from ``from_ms`` on.

    What happened before is not told, but is part of the state: a process that was killed goes on as if it had only
    looked away.

    Attributes:
        plan: What is played.
        occupied: Whether each seat and booth is occupied, as told so far.
    """

    def __init__(self, plan: Plan, log: CommandLog, from_ms: int) -> None:
        self.plan = plan
        self._place = plan.inputs.place
        self._log = log
        self._next_ms = from_ms
        self._timeline = Timeline(plan, log.new())
        self.occupied = {
            sensor.space: self._timeline.occupied_at(sensor.space, from_ms - 1) for sensor in self._place.sensors
        }

    @property
    def timeline(self) -> Timeline:
        """What really happens, with the commands told so far."""
        return self._timeline

    def advance(self, to_ms: int) -> list[Event]:
        """Everything new up to and including ``to_ms``, in the order in which it is to be told.

        Raises:
            CommandError: The commands file has become shorter.
        """
        commands = self._log.new()
        late = [command for command in commands if command.at_ms < self._next_ms]
        self._timeline.obey(commands)
        told = [*self._told_late(late), *self._timeline.events(self._next_ms, to_ms + 1)]
        self._next_ms = max(self._next_ms, to_ms + 1)
        self.occupied.update({event.space: event.occupied for event in told if isinstance(event, Presence)})
        return told

    def counters_at(self, mfp: str, at_ms: int) -> Counters:
        """The counters of the printer ``mfp`` at ``at_ms``, with the commands told so far."""
        return self._timeline.counters_at(mfp, at_ms)

    def _told_late(self, late: list[Command]) -> Iterator[Event]:
        """What commands for an instant already passed change now: a poll later than they ask for."""
        for command in late:
            if not isinstance(command, Sit | Leave):
                yield event_of(command, self._place)
        last_ms = self._next_ms - 1
        for space in sorted({command.space for command in late if isinstance(command, Sit | Leave)}):
            occupied = self._timeline.occupied_at(space, last_ms)
            if occupied != self.occupied[space]:
                yield Presence(last_ms, space, occupied)


def playback_of(settings: SimSettings, from_ms: int) -> Playback:
    """The building that the settings name, from ``from_ms`` on."""
    plan = Plan(inputs_of(settings))
    log = CommandLog(settings.commands, plan.inputs.place, settings.lively_ms)
    return Playback(plan, log, from_ms)
