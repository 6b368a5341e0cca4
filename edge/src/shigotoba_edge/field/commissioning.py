"""``commission``: walk from place to place, and each device gets its place by doing what it is for.

A seat sensor is found by sitting down, a button by pressing it, a printer's counter is compared with its panel. A
device that nobody could understand yet is made known by its label first (see ``enrolling``). Only what a person has
confirmed is written down.

Responsible for the order of questions. Refuses to know terminals (``dialogue``) and files (``record``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from shigotoba_edge.field.dialogue import Dialogue
from shigotoba_edge.field.enrolling import Enrolling
from shigotoba_edge.field.lines import value_text
from shigotoba_edge.field.record import Confirmation, Entry, Record
from shigotoba_edge.field.words import Words
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.readings import Reading, is_name

PRESENT: Final = ("occupancy", "motion", "contact")
COUNTED: Final = ("impressions_total", "sheets_total", "impressions_print", "impressions_copy", "impressions_fax")
START_SIDES: Final = ("AI", "BI")
LEAVE_SIDES: Final = ("AO", "BO")
KEEP_ALIVE_S: Final = {"seat_sensor": 60.0, "booth_button": 604_800.0, "mfp": 300.0}


class Asked(msgspec.Struct, frozen=True):
    """A reading that a person has caused and confirmed, and how strongly it was heard."""

    reading: Reading
    rssi_dbm: int | None

    @property
    def said(self) -> str:
        """What it says, for people."""
        return f"{self.reading.point}={value_text(self.reading.value)}"


class Commissioning:
    """A walk through the building; ``hear`` is to be called with every sighting meanwhile."""

    def __init__(
        self,
        agent: str,
        dialogue: Dialogue,
        words: Words,
        record: Record,
        enrolling: Enrolling,
        now: Callable[[], datetime],
    ) -> None:
        self._agent = agent
        self._dialogue = dialogue
        self._words = words
        self._record = record
        self._enrolling = enrolling
        self._now = now
        self._last: dict[tuple[str, str], Reading] = {}
        self._sought: asyncio.Queue[Asked] | None = None
        self._counted: asyncio.Queue[str] = asyncio.Queue()

    def hear(self, sighting: Sighting) -> None:
        """A device was heard."""
        self._enrolling.hear(sighting)
        for reading in sighting.readings:
            before = self._last.get((reading.device, reading.point))
            self._last[reading.device, reading.point] = reading
            if self._sought is not None and _is_sign(reading, before):
                self._sought.put_nowait(Asked(reading, sighting.rssi_dbm))
            if before is None and reading.point in COUNTED:
                self._counted.put_nowait(reading.device)

    async def walk(self) -> None:
        """Ask until the person ends it.

        Raises:
            AbandonedError: The terminal has gone.
        """
        steps = {"1": self._sensor, "2": self._button, "3": self._printer, "4": self._enrolling.enrol}
        while True:
            self._dialogue.tell(self._words["menu"])
            answer = await self._dialogue.ask(self._words["choose"])
            if answer == "0":
                self._tell("ended", record=self._record.path, fragment=self._record.fragment)
                return
            if answer in steps:
                await steps[answer]()
            else:
                self._tell("not_a_choice", answer=answer)

    async def _sensor(self) -> None:
        space = await self._ask_space()
        asked = await self._caused("sit_down", PRESENT, space)
        if asked is None:
            self._tell("gave_up")
            return
        kind = "booth_sensor" if "-b" in space else "seat_sensor"
        keep_alive_s = await self._ask_seconds(KEEP_ALIVE_S["seat_sensor"])
        self._write(asked.reading.device, kind, space, keep_alive_s, asked)

    async def _button(self) -> None:
        space = await self._ask_space()
        start = await self._side("press_in", START_SIDES, space)
        leave = None if start is None else await self._side("press_out", LEAVE_SIDES, space, start.reading.device)
        if start is None or leave is None:
            self._tell("gave_up")
            return
        self._write(start.reading.device, "booth_button", space, KEEP_ALIVE_S["booth_button"], start)

    async def _side(self, word: str, sides: tuple[str, ...], space: str, device: str = "") -> Asked | None:
        while True:
            asked = await self._caused(word, ("button",), space, device)
            if asked is None or not _is_rocker(asked.reading) or asked.reading.value in sides:
                return asked
            self._tell("wrong_side", value=asked.reading.value, wanted="/".join(sides))

    async def _printer(self) -> None:
        if not self._printers():
            self._tell("no_printer")
            if not await self._dialogue.ask_or("", self._counted):
                self._tell("gave_up")
                return
        devices = self._printers()
        self._tell("printers")
        for number, device in enumerate(devices, 1):
            self._dialogue.tell(f"  {number}  {device}")
        answer = await self._dialogue.ask(self._words["which_printer"])
        if not (answer.isdecimal() and 1 <= int(answer) <= len(devices)):
            self._tell("gave_up")
            return
        device = devices[int(answer) - 1]
        space = await self._ask_space()
        confirmed = [await self._compare(device, point) for point in COUNTED if (device, point) in self._last]
        kept = tuple(one for one in confirmed if one is not None)
        self._write(device, "mfp", space, KEEP_ALIVE_S["mfp"], None, kept)

    def _printers(self) -> list[str]:
        return sorted({device for device, point in self._last if point in COUNTED})

    async def _compare(self, device: str, point: str) -> Confirmation | None:
        count = int(self._last[device, point].value)
        while True:
            answer = await self._dialogue.ask(self._words["panel"].format(point=point, count=count))
            if answer == "-":
                return None
            panel = count if not answer else _whole(answer)
            if panel is not None:
                break
            self._tell("not_a_number", answer=answer)
        self._tell("agrees" if panel == count else "differs", difference=count - panel)
        return Confirmation(point, count, panel)

    async def _caused(self, word: str, points: tuple[str, ...], space: str, device: str = "") -> Asked | None:
        """What the person has caused and confirmed; None if they gave up. Of ``device`` nothing need be confirmed."""
        self._sought = asyncio.Queue()
        self._tell(word, space=space)
        try:
            while True:
                asked = await self._dialogue.ask_or("", self._sought)
                if isinstance(asked, str):
                    # Whatever was typed means giving up.
                    return None
                if asked.reading.point in points and (asked.reading.device == device or await self._is_it(asked)):
                    return asked
        finally:
            self._sought = None

    async def _is_it(self, asked: Asked) -> bool:
        rssi = "" if asked.rssi_dbm is None else f"({asked.rssi_dbm} dBm)"
        question = self._words["heard"].format(device=asked.reading.device, said=asked.said, rssi=rssi)
        return (await self._dialogue.ask(question)).lower() == self._words["yes"]

    async def _ask_space(self) -> str:
        while True:
            answer = await self._dialogue.ask(self._words["space"])
            if is_name(answer):
                return answer
            self._tell("not_a_name", answer=answer)

    async def _ask_seconds(self, default: float) -> float:
        while True:
            answer = await self._dialogue.ask(self._words["keep_alive"].format(default=default))
            seconds = default if not answer else _whole(answer)
            if seconds:
                return float(seconds)
            self._tell("not_a_number", answer=answer)

    def _write(
        self,
        device: str,
        kind: str,
        space: str,
        keep_alive_s: float,
        asked: Asked | None,
        confirmed: tuple[Confirmation, ...] = (),
    ) -> None:
        rssi_dbm, said = (asked.rssi_dbm, asked.said) if asked else (None, "")
        self._record.add(Entry(self._now(), self._agent, device, kind, space, keep_alive_s, rssi_dbm, said, confirmed))
        self._tell("kept", device=device, space=space)

    def _tell(self, word: str, **values: object) -> None:
        self._dialogue.tell(self._words[word].format(**values))


def _is_sign(reading: Reading, before: Reading | None) -> bool:
    if reading.point == "button":
        return reading.value != "released"
    return reading.point in PRESENT and reading.value is True and (before is None or before.value is not True)


def _is_rocker(reading: Reading) -> bool:
    return reading.value in START_SIDES + LEAVE_SIDES


def _whole(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.isdecimal() else None
