"""Readings judged one by one: fit to be stored, or to be quarantined and why.

Responsible for what a single reading must satisfy. Refuses to let one reading spoil its batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shigotoba_backend.ingest.mail import Parcel
from shigotoba_backend.ingest.quarantine import Exhibit
from shigotoba_backend.ingest.times import check_time
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.points import VOCABULARY, fits
from shigotoba_wire.readings import Quality, Reading, Value
from shigotoba_wire.senml import encode_reading

PointKey = tuple[int, str, str]
"""Site id, device and point name."""


class Row(NamedTuple):
    """A row of ``shigotoba.reading``; exactly one of ``value`` and ``label`` is there."""

    point_id: int
    at_ms: int
    seq: int
    value: float | None
    label: str | None
    uncertain: bool


@dataclass(frozen=True)
class Judged:
    """A parcel with what became of each of its readings, in order of sequence number."""

    parcel: Parcel
    results: list[Row | Exhibit]


def point_keys(parcels: Sequence[Parcel]) -> Iterator[PointKey]:
    """The points that the parcels' readings are of, with repeats."""
    return ((parcel.site_id, reading.device, reading.point) for parcel in parcels for reading in parcel.batch.readings)


def judge(parcel: Parcel, points: Mapping[PointKey, int], now_ms: int) -> Judged:
    """The parcel with a row or an exhibit for each reading.

    Args:
        parcel: Readings as sent.
        points: Point ids, at least of the parcel's known devices.
        now_ms: UTC milliseconds.
    """
    results: list[Row | Exhibit] = []
    for seq, reading in enumerate(parcel.batch.readings, parcel.batch.first_seq):
        point_id = points.get((parcel.site_id, reading.device, reading.point))
        try:
            results.append(_row(reading, seq, point_id, now_ms))
        except MessageError as error:
            payload = encode_reading(reading)
            results.append(Exhibit(parcel.topic, parcel.channel.sender, error.reason, error.detail, payload))
    return Judged(parcel, results)


def _row(reading: Reading, seq: int, point_id: int | None, now_ms: int) -> Row:
    value = reading.value
    if point_id is None:
        raise _unknown(reading)
    if not fits(reading.point, value):
        raise _wrong_type(reading)
    check_time(reading.at_ms, now_ms)
    uncertain = reading.quality is not Quality.GOOD
    if isinstance(value, str):
        return Row(point_id, reading.at_ms, seq, None, _label(value), uncertain)
    return Row(point_id, reading.at_ms, seq, _number(value), None, uncertain)


def _unknown(reading: Reading) -> MessageError:
    if reading.point in VOCABULARY:
        return MessageError(Refusal.UNKNOWN_DEVICE, f"device {reading.device!r} is not known at this site")
    return MessageError(Refusal.UNKNOWN_POINT, f"point {reading.point!r} is not in the vocabulary")


def _wrong_type(reading: Reading) -> MessageError:
    kind = VOCABULARY[reading.point].kind.value
    return MessageError(Refusal.WRONG_TYPE, f"{reading.point} is a {kind}, not {reading.value!r}")


def _label(text: str) -> str:
    if "\0" in text:
        raise MessageError(Refusal.BAD_VALUE, f"{text!r} has a NUL character, which the database cannot keep")
    return text


def _number(value: Value) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise MessageError(Refusal.BAD_VALUE, "the number does not fit 64-bit floating point") from error
