"""Readings judged one by one."""

from __future__ import annotations

import pytest

from shigotoba_backend.ingest.judge import Judged, Row, judge, point_keys
from shigotoba_backend.ingest.mail import Parcel
from shigotoba_backend.ingest.quarantine import Exhibit
from shigotoba_wire.errors import Refusal
from shigotoba_wire.readings import Batch, Quality, Reading, Value
from shigotoba_wire.senml import encode_reading
from shigotoba_wire.topics import READINGS, upstream

NOW_MS = 1_794_000_000_000
CHANNEL = upstream("honcho", "gw-1")
POINTS = {(1, "seat", "occupancy"): 10, (1, "rocker", "button"): 11, (1, "mfp", "impressions_total"): 12}


def judged(*readings: Reading) -> Judged:
    batch = Batch("honcho", "gw-1", "e", 5, readings)
    return judge(Parcel(CHANNEL.up(READINGS), CHANNEL, 1, batch), POINTS, NOW_MS)


def test_good_readings_become_rows_with_their_sequence_numbers() -> None:
    assert judged(
        Reading("seat", "occupancy", True, NOW_MS),
        Reading("rocker", "button", "AI", NOW_MS - 1, Quality.UNCERTAIN),
        Reading("mfp", "impressions_total", 2**40, NOW_MS),
    ).results == [
        Row(10, NOW_MS, 5, 1.0, None, uncertain=False),
        Row(11, NOW_MS - 1, 6, None, "AI", uncertain=True),
        Row(12, NOW_MS, 7, float(2**40), None, uncertain=False),
    ]


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
    first, exhibit, last = judged(good, bad, good).results
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert isinstance(exhibit, Exhibit)
    assert (exhibit.reason, exhibit.gateway, exhibit.payload) == (reason, "gw-1", encode_reading(bad))


def test_the_limits_of_time_themselves_are_taken() -> None:
    results = judged(
        Reading("seat", "occupancy", True, NOW_MS + 300_000), Reading("seat", "occupancy", True, 1_577_836_800_000)
    ).results
    assert all(isinstance(result, Row) for result in results)


def test_the_points_of_parcels_are_named_with_their_site() -> None:
    assert list(point_keys([judged(Reading("seat", "occupancy", True, NOW_MS)).parcel])) == [(1, "seat", "occupancy")]
