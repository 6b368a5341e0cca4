"""Commands: what somebody does in the simulated building on request.

A file of JSON lines that is only ever appended to, so that it is part of the truth: whoever reads it again, after a
SIGKILL or a week later, comes to the same state.

Responsible for the shapes, for writing and for reading them. Refuses to carry them out (see ``plan.timeline``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from shigotoba_sim.building import Building
from shigotoba_sim.plan.events import Job, Press, Rocker

log = logging.getLogger(__name__)

MOST_SIDES: Final = 10_000
Sides = Annotated[int, msgspec.Meta(ge=1, le=MOST_SIDES)]


class CommandError(Exception):
    """A command cannot be given; the message says why and what could be."""


class _Command(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """What all commands have: when they take effect, UTC milliseconds."""

    at_ms: int


class Sit(_Command, frozen=True, tag="sit"):
    """Somebody takes the seat or booth and keeps it until ``leave``; the model's people go elsewhere."""

    space: str


class Leave(_Command, frozen=True, tag="leave"):
    """Whoever is at the seat or booth leaves; it stays vacant until somebody else comes."""

    space: str


class PressRocker(_Command, frozen=True, tag="press"):
    """The rocker of a booth is pressed."""

    space: str
    button: Rocker = "AI"


class PrintSides(_Command, frozen=True, tag="print"):
    """A job of so many ``sides`` comes out of a printer, named by its device or place."""

    mfp: str
    sides: Sides
    function: Literal["print", "copy"] = "print"
    duplex: bool = False
    colour: bool = False


class FaxPages(_Command, frozen=True, tag="fax"):
    """So many ``pages`` are sent, or received and printed, by a printer, named by its device or place."""

    mfp: str
    pages: Sides
    direction: Literal["in", "out"] = "out"


Command = Sit | Leave | PressRocker | PrintSides | FaxPages

_decoder = msgspec.json.Decoder(Command)
_encoder = msgspec.json.Encoder()


def check(command: Command, place: Building, not_before_ms: int) -> None:
    """Make sure that ``command`` can be carried out in ``place``, which obeys from ``not_before_ms`` on.

    Raises:
        CommandError: It names no place or printer, or the wrong kind of place, or is for a time already written.
    """
    if command.at_ms < not_before_ms:
        raise CommandError(f"at_ms {command.at_ms} is before lively_from, {not_before_ms}: that past is history.")
    match command:
        case Sit() | Leave():
            _space_of_kind(place, command.space, ("seat", "booth"))
        case PressRocker():
            _space_of_kind(place, command.space, ("booth",))
        case PrintSides() | FaxPages():
            device_of(place, command.mfp)


def device_of(place: Building, name: str) -> str:
    """The device of the printer that ``name``, a device or a place, means.

    Raises:
        CommandError: There is none.
    """
    for mfp in place.mfps:
        if name in (mfp.device, mfp.place):
            return mfp.device
    known = ", ".join(f"{mfp.place} ({mfp.device})" for mfp in place.mfps)
    raise CommandError(f"{name}: no such printer. There are {known}.")


def event_of(command: PressRocker | PrintSides | FaxPages, place: Building) -> Press | Job:
    """The event that ``command`` causes."""
    match command:
        case PressRocker():
            return Press(command.at_ms, command.space, command.button)
        case PrintSides():
            mfp = device_of(place, command.mfp)
            sheets = (command.sides + 1) // 2 if command.duplex else command.sides
            return Job(command.at_ms, mfp, command.function, command.sides, sheets, command.colour)
        case FaxPages(direction="out"):
            return Job(command.at_ms, device_of(place, command.mfp), "fax_out", 0, 0, pages=command.pages)
        case FaxPages():
            pages = command.pages
            return Job(command.at_ms, device_of(place, command.mfp), "fax_in", pages, pages, pages=pages)


def append_command(path: Path, command: Command) -> None:
    """Append ``command`` to the file, in one write; the file is made if there is none."""
    with path.open("ab+") as file:
        # A writer that was killed half-way leaves a line without end: it must not swallow this one.
        file.seek(0, os.SEEK_END)
        torn = file.tell() > 0 and _last_byte(file.fileno(), file.tell()) != b"\n"
        file.write((b"\n" if torn else b"") + _encoder.encode(command) + b"\n")


class CommandLog:
    """Reads a commands file as it grows.

    Args:
        path: The file; it need not exist yet.
        place: The building the commands are for.
        not_before_ms: Commands for earlier are skipped: the history up to then is already written.
    """

    def __init__(self, path: Path, place: Building, not_before_ms: int) -> None:
        self._path = path
        self._place = place
        self._not_before_ms = not_before_ms
        self._read_bytes = 0
        self._line = 0

    def new(self) -> list[Command]:
        """The commands appended since the last call; lines that are none are skipped and the reason is logged.

        Raises:
            CommandError: The file has become shorter, so what was carried out is no longer the truth.
        """
        return list(self._commands(self._new_lines()))

    def _new_lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                if size < self._read_bytes:
                    raise CommandError(f"{self._path}: has become shorter. Only append to it; start again to go on.")
                file.seek(self._read_bytes)
                grown = file.read()
        except FileNotFoundError:
            return []
        whole = grown[: grown.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        return whole.splitlines()

    def _commands(self, lines: list[bytes]) -> Iterator[Command]:
        for line in lines:
            self._line += 1
            try:
                command = _decoder.decode(line)
                check(command, self._place, self._not_before_ms)
            except (msgspec.MsgspecError, UnicodeDecodeError, CommandError) as error:
                log.warning("%s, line %d skipped: %s", self._path, self._line, error)
            else:
                yield command


def _last_byte(descriptor: int, size: int) -> bytes:
    return os.pread(descriptor, 1, size - 1)


def _space_of_kind(place: Building, code: str, kinds: tuple[str, ...]) -> None:
    space = place.by_code.get(code)
    if space is not None and space.kind in kinds:
        return
    floor = code.partition("-")[0]
    usable = [space for space in place.spaces if space.kind in kinds]
    on_floor = [space.code for space in usable if space.floor == floor] or [space.code for space in usable]
    problem = "no such space" if space is None else f"is {space.kind}, not {' or '.join(kinds)}"
    raise CommandError(f"{code}: {problem}. There are {', '.join(on_floor)}.")
