"""The commissioning record: who found which device at which place, when, and what was confirmed.

Two files: the record itself, which is added to and never rewritten, and next to it the devices as a site file lists
them, made anew from the record each time.

Responsible for the files. Refuses to import anything into a database: a person reads them first.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec


class Confirmation(msgspec.Struct, frozen=True):
    """A counter compared with the panel.

    Attributes:
        point: The counter.
        read: What we read.
        panel: What the panel showed.
    """

    point: str
    read: int
    panel: int


class Entry(msgspec.Struct, frozen=True):
    """A device that was given its place.

    Attributes:
        at: When.
        agent: By which agent it is heard.
        device: Its identity.
        kind: As in a site file: ``seat_sensor``, ``booth_sensor``, ``booth_button``, ``mfp``.
        space: Code of the place.
        keep_alive_s: How long it is silent at most while it is well.
        rssi_dbm: How strongly it was heard then.
        said: What it said that proved it, such as ``occupancy=yes``.
        confirmed: Counters compared with the panel.
    """

    at: datetime
    agent: str
    device: str
    kind: str
    space: str
    keep_alive_s: float
    rssi_dbm: int | None = None
    said: str = ""
    confirmed: tuple[Confirmation, ...] = ()


class Record:
    """The record in ``path``, one entry in each line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fragment = path.with_suffix(".site.json")

    def add(self, entry: Entry) -> None:
        """Write an entry down, on disk when this returns; the device's latest place counts in the fragment."""
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(entry) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._write_fragment()

    def entries(self) -> list[Entry]:
        """All entries, the oldest first."""
        if not self.path.exists():
            return []
        return [msgspec.json.decode(line, type=Entry) for line in self.path.read_bytes().splitlines() if line]

    def _write_fragment(self) -> None:
        latest = {entry.device: entry for entry in self.entries()}
        devices = [
            {"code": entry.device, "kind": entry.kind, "space": entry.space, "keep_alive_s": entry.keep_alive_s}
            for entry in latest.values()
        ]
        fragment = {"devices": devices, "assigned_from": min(entry.at for entry in latest.values())}
        new = self.fragment.with_suffix(".new")
        new.write_bytes(msgspec.json.format(msgspec.json.encode(fragment)) + b"\n")
        new.replace(self.fragment)
