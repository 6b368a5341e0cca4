"""Readings judged one by one."""

from __future__ import annotations

import pytest

from shigotoba_backend.ingest.judge import Judged, judge, points_named
from shigotoba_backend.ingest.mail import Parcel
from shigotoba_backend.ingest.rows import Rows
from shigotoba_wire.errors import Refusal
from shigotoba_wire.readings import Batch, Quality, Reading, Value
from shigotoba_wire.senml import columns_of, encode_reading
from shigotoba_wire.topics import READINGS, upstream

NOW_MS = 1_794_000_000_000
CHANNEL = upstream("honcho", "gw-1")
POINTS = {
    (1, bool): {"seat/occupancy": 10},
    (1, str): {"rocker/button": 11},
    (1, int): {"mfp/impressions_total": 12},
    (1, float): {"mfp/impressions_total": 12},
}


def judged(*readings: Reading) -> Judged:
    batch = columns_of(Batch("honcho", "gw-1", "e", 5, readings))
    return judge(Parcel(CHANNEL.up(READINGS), CHANNEL, 1, batch), POINTS, NOW_MS)


def test_good_readings_become_rows_with_their_sequence_numbers() -> None:
    found = judged(
        Reading("seat", "occupancy", True, NOW_MS),
        Reading("rocker", "button", "AI", NOW_MS - 1, Quality.UNCERTAIN),
        Reading("mfp", "impressions_total", 2**40, NOW_MS),
    )
    assert found.exhibits == []
    assert found.rows == Rows(
        [10, 11, 12],
        [NOW_MS, NOW_MS - 1, NOW_MS],
        range(5, 8),
        [True, 0, 2**40],
        [None, "AI", None],
        [False, True, False],
    )


@pytest.mark.parametrize(
    ("device", "point", "value", "at_ms", "reason"),
    [
        ("ghost", "occupancy", True, NOW_MS, Refusal.UNKNOWN_DEVICE),
        ("seat", "temperature_c", 20.5, NOW_MS, Refusal.UNKNOWN_POINT),
        ("seat", "occupancy", 1, NOW_MS, Refusal.WRONG_TYPE),
        ("seat", "occupancy", "yes", NOW_MS, Refusal.WRONG_TYPE),
        ("rocker", "button", False, NOW_MS, Refusal.WRONG_TYPE),
        ("mfp", "impressions_total", True, NOW_MS, Refusal.WRONG_TYPE),
        ("mfp", "impressions_total", 10**400, NOW_MS, Refusal.BAD_VALUE),
        ("rocker", "button", "A\0I", NOW_MS, Refusal.BAD_VALUE),
        ("seat", "occupancy", True, NOW_MS + 300_001, Refusal.FUTURE_TIME),
        ("seat", "occupancy", True, 1_577_836_799_999, Refusal.ABSURD_TIME),
    ],
)
def test_one_bad_reading_is_shown_and_its_neighbours_stay(
    device: str, point: str, value: Value, at_ms: int, reason: Refusal
) -> None:
    good, bad = Reading("seat", "occupancy", False, NOW_MS), Reading(device, point, value, at_ms)
    found = judged(good, bad, good)
    assert (found.rows.seqs, found.rows.point_ids, found.rows.values) == ([5, 7], [10, 10], [0.0, 0.0])
    ((seq, exhibit),) = found.exhibits
    assert (seq, exhibit.reason, exhibit.gateway, exhibit.payload) == (6, reason, "gw-1", encode_reading(bad))


def test_the_limits_of_time_themselves_are_taken() -> None:
    found = judged(
        Reading("seat", "occupancy", True, NOW_MS + 300_000), Reading("seat", "occupancy", True, 1_577_836_800_000)
    )
    assert (list(found.rows.seqs), found.exhibits) == ([5, 6], [])


def test_the_points_of_parcels_are_named_with_their_site() -> None:
    assert points_named([judged(Reading("seat", "occupancy", True, NOW_MS)).parcel]) == [(1, ["seat/occupancy"])]
