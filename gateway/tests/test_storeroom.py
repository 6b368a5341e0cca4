"""Room that runs short: an alarm first, then the least valuable points, and all of it said."""

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_gateway.settings import DiskSettings, Rank
from shigotoba_gateway.spool import Spool
from shigotoba_gateway.storeroom import Storeroom, refused_points, room_of
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.receipts import Receipt, Span

RANKS = (Rank(("battery_pct",), 0.5), Rank(("occupancy",), 0.25))


def batch(first: int, count: int) -> Batch:
    points = ("battery_pct", "occupancy", "button")
    readings = tuple(Reading("d", points[i % 3], i, 1_795_000_000_000 + i) for i in range(count))
    return Batch("gw-1", "a", "e", first, readings)


def test_room_counts_what_can_be_used_again_and_never_exceeds_the_limit() -> None:
    assert room_of(1000, 200, 5000, 0).free_bytes == 5200
    assert room_of(1000, 200, 5000, 2000).free_bytes == 1200
    assert room_of(3000, 0, 5000, 2000).free_bytes == 0
    assert room_of(1000, 200, 0, 2000).share == pytest.approx(0.2)


def test_the_less_room_the_more_is_refused_and_the_press_of_a_button_last() -> None:
    settings = DiskSettings()
    shares = [1.0, 0.09, 0.05, 0.02, 0.005]
    refused = [set(refused_points(share, settings)) for share in shares]
    assert refused[0] == set()
    assert all(before < after for before, after in itertools.pairwise(refused))
    assert "button" not in refused[3]
    assert refused[4] == set(VOCABULARY), "every point has a rank"


def test_a_limit_is_kept_by_refusing_the_least_valuable_and_lifted_by_receipts(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    spool = Spool.open(path, "honcho", "gw-1")
    settings = DiskSettings(limit_bytes=400_000, reserve_bytes=0, give_up=RANKS, alarm_below_share=0.6)
    room = Storeroom(spool, path, settings)
    said = []
    for first in range(1, 12_000, 300):
        room.look(float(first))
        said.append(room.refusing)
        for taken in spool.take_in([batch(first, 300)], room.refusing):
            room.note_refused(taken.deferred)
    assert said[0] == ()
    assert ("battery_pct",) in said
    assert said[-1] == ("battery_pct", "occupancy")
    assert room.health().refused["battery_pct"] > room.health().refused["occupancy"] > 0
    assert len(room.problems()) == 2
    assert room.days_left() is not None
    spool.outbox.settle([Receipt(spool.outbox.epoch, (Span(1, 20_000),))])
    room.look(1e6)
    assert (room.refusing, room.problems()) == ((), [])
    spool.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_disk_that_others_fill_stops_the_intake_and_still_takes_receipts(small_disk: Path) -> None:
    path = small_disk / "spool.sqlite"
    spool = Spool.open(path, "honcho", "gw-1")
    room = Storeroom(spool, path, DiskSettings(reserve_bytes=200_000))
    room.look(0.0)
    assert not room.full
    spool.take_in([batch(1, 300)])
    fill(small_disk / "somebody-elses.log")
    room.look(1.0)
    assert room.full
    assert room.refusing == tuple(VOCABULARY)
    spool.outbox.settle([Receipt(spool.outbox.epoch, (Span(1, 300),))])
    assert spool.outbox.waiting() == 0
    (small_disk / "somebody-elses.log").unlink()
    room.look(2.0)
    assert not room.full
    spool.take_in([batch(301, 300)])
    assert spool.outbox.waiting() == 300
    spool.close()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return
