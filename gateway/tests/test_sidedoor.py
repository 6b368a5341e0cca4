"""Readings beside the agents: kept, decided upon, told of; refused by rank of points; held when there is no room."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shigotoba_gateway.settings import DiskSettings
from shigotoba_gateway.sidedoor import SideDoor
from shigotoba_gateway.spool import Spool
from shigotoba_gateway.storeroom import Storeroom
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.readings import Reading

PRESS = Reading("z2m-b1", "button", "press", 7)
BATTERY = Reading("z2m-b1", "battery_pct", 90, 7)


class Deciding:
    """Notes what it decides upon, and fails as a full disk does when told to."""

    def __init__(self) -> None:
        self.decided: list[Reading] = []
        self.reloaded = 0
        self.failing = False

    def decide(self, readings: Sequence[Reading]) -> None:
        if self.failing:
            raise sqlite3.OperationalError("database or disk is full")
        self.decided += readings

    def reload(self) -> None:
        self.reloaded += 1


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool.open(tmp_path / "spool.sqlite", "honcho", "gw-1", "20261121T000000Z")
    yield spool
    spool.close()


def test_readings_are_kept_decided_upon_and_told_of(spool: Spool, tmp_path: Path) -> None:
    told: list[Reading] = []
    deciding, storeroom = Deciding(), Storeroom(spool, tmp_path / "spool.sqlite", DiskSettings())
    door = SideDoor(spool, storeroom, deciding, [told.extend])
    door.keep([PRESS, BATTERY])
    assert spool.outbox.waiting() == 2
    assert deciding.decided == told == [PRESS, BATTERY]
    storeroom.refusing = ("battery_pct",)
    door.keep([PRESS, BATTERY])
    assert spool.outbox.waiting() == 3
    assert storeroom.health().refused == {"battery_pct": 1}


def test_what_cannot_be_decided_upon_is_not_kept_and_without_room_nothing_is_taken(
    spool: Spool, tmp_path: Path
) -> None:
    deciding, storeroom = Deciding(), Storeroom(spool, tmp_path / "spool.sqlite", DiskSettings())
    door = SideDoor(spool, storeroom, deciding, [])
    deciding.failing = True
    with pytest.raises(sqlite3.OperationalError):
        door.keep([PRESS])
    assert (spool.outbox.waiting(), deciding.reloaded) == (0, 1)
    storeroom.full = True
    with pytest.raises(OutboxError, match="Make room"):
        door.keep([PRESS])
