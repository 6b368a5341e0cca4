"""Carries out a scenario's marks, each at its time, and notes what was done.

A gateway is one small computer: a power cut takes its broker, the gateway and the agents at once, without a farewell.
What is noted is only added to, so that a demo that is stopped and goes on does nothing twice; what fell into the pause
is noted as missed.

Responsible for when and what. Refuses to look at the product: others judge what it cost (``shigotoba_sim compare``).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from shigotoba_standalone.acts.marks import Mark
from shigotoba_standalone.acts.relay import Relay
from shigotoba_standalone.supervisor import Supervisor
from shigotoba_standalone.wrong_clock import set_wrong

GATEWAY_BOX: Final = ("broker-local", "gateway", "edge")
"""What runs on the one machine, in the order in which it comes up."""

LATE: Final = timedelta(seconds=5)
"""A mark that is farther back than this when the runner comes to it fell into a pause."""


class Runner:
    """Does ``marks`` to the programs of ``supervisor``.

    Args:
        supervisor: Has the programs.
        relay: The gateway's uplink.
        clock: File that the gateway's clock is wrong by.
        journal: Where what was done is noted, a JSON line each.
        say: Told in one line about each act.
    """

    def __init__(
        self, supervisor: Supervisor, relay: Relay, clock: Path, journal: Path, say: Callable[[str], None]
    ) -> None:
        self._supervisor, self._relay, self._clock, self._journal, self._say = supervisor, relay, clock, journal, say
        self._spells: dict[str, Callable[[Mark], AbstractAsyncContextManager[None]]] = {
            "gateway_power_cut": lambda _mark: self._down(GATEWAY_BOX, politely=False),
            "uplink_cut": self._cut,
            "broker_restart": lambda _mark: self._down(("broker-upstream",), politely=True),
            "database_restart": lambda _mark: self._down(("postgres",), politely=True),
            "clock_jump": self._wrong,
        }

    async def run(self, marks: Sequence[Mark]) -> None:
        """Do everything that has not been done before; marks may overlap."""
        done = _noted(self._journal)
        await asyncio.gather(*(self._at_its_time(mark) for mark in marks if _name(mark) not in done))

    async def _at_its_time(self, mark: Mark) -> None:
        wait_s = (mark.at - datetime.now(UTC)).total_seconds()
        if mark.act == "bluetoothd_restart":
            return  # The simulated bluetoothd is the simulator's own; it restarts it by itself.
        if wait_s < -LATE.total_seconds():
            self._note(mark, "missed")
            return
        await asyncio.sleep(max(0.0, wait_s))
        self._say(f"scenario: {mark.act}" + (f" for {mark.lasts_s:g} s" if mark.lasts_s else ""))
        self._note(mark, "begun")
        async with self._spells[mark.act](mark):
            await asyncio.sleep(mark.lasts_s)
        self._note(mark, "done")

    @asynccontextmanager
    async def _down(self, names: Sequence[str], *, politely: bool) -> AsyncGenerator[None]:
        for name in reversed(names):
            self._supervisor.hold(name, politely=politely)
        yield
        for name in names:
            self._supervisor.release(name)

    @asynccontextmanager
    async def _cut(self, _mark: Mark) -> AsyncGenerator[None]:
        self._relay.cut()
        yield
        self._relay.mend()

    @asynccontextmanager
    async def _wrong(self, mark: Mark) -> AsyncGenerator[None]:
        set_wrong(self._clock, mark.by_s)
        yield
        if mark.lasts_s:
            set_wrong(self._clock, 0.0)

    def _note(self, mark: Mark, what: str) -> None:
        line = json.dumps({"mark": _name(mark), "what": what, "at": datetime.now(UTC).isoformat()})
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def _name(mark: Mark) -> str:
    return f"{mark.act} {mark.at.isoformat()}"


def _noted(journal: Path) -> set[str]:
    """The marks of which anything is noted; a line that a power cut tore is none."""
    if not journal.exists():
        return set()
    lines = journal.read_text(encoding="utf-8").split("\n")
    return {json.loads(line)["mark"] for line in lines[:-1]}
