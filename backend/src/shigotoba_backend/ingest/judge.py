"""Readings judged: fit to be stored, or to be quarantined and why.

A batch is judged as a whole first, by columns; only if something in it gives rise to doubt, one reading after the
other.

Responsible for what a single reading must satisfy. Refuses to let one reading spoil its batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import repeat
from typing import Final

from shigotoba_backend.ingest.mail import Parcel
from shigotoba_backend.ingest.quarantine import Exhibit, Origin
from shigotoba_backend.ingest.rows import Rows
from shigotoba_backend.ingest.times import are_plausible, check_time
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.points import VOCABULARY, Kind
from shigotoba_wire.readings import Quality, Value
from shigotoba_wire.senml import encode_reading, parted

PointNames = tuple[int, Sequence[str]]
"""Site id, and devices and points as ``device/point``, with repeats."""

Points = Mapping[tuple[int, type], Mapping[str, int]]
"""Point ids by site id and each type of value that the vocabulary takes for the point, then by ``device/point``."""

TYPES: Final[Mapping[Kind, tuple[type, ...]]] = {Kind.TRUTH: (bool,), Kind.NUMBER: (int, float), Kind.TEXT: (str,)}

_GOOD: Final = Quality.GOOD
_NO_POINT: Final = 0
"""The database counts points from 1."""

_ALWAYS_STORABLE: Final = {bool, float}


@dataclass(frozen=True)
class Judged:
    """A parcel with what became of its readings.

    Attributes:
        parcel: As it came.
        rows: Of the readings that are fit.
        exhibits: The others, each with its sequence number.
    """

    parcel: Parcel
    rows: Rows
    exhibits: list[tuple[int, Exhibit]]


def points_named(parcels: Iterable[Parcel]) -> list[PointNames]:
    """The points that the parcels' readings are of."""
    return [(parcel.site_id, parcel.batch.names) for parcel in parcels]


def judge(parcel: Parcel, points: Points, now_ms: int) -> Judged:
    """The parcel with a row or an exhibit for each reading.

    Args:
        parcel: Readings as sent.
        points: Point ids, at least of the parcel's known devices.
        now_ms: UTC milliseconds.
    """
    batch = parcel.batch
    kinds = set(map(type, batch.values))
    rows = _rows(parcel, _ids(parcel, points, kinds), texts=str in kinds)
    if _NO_POINT not in rows.point_ids and are_plausible(batch.ats_ms, now_ms) and _are_storable(batch.values, kinds):
        return Judged(parcel, rows, [])
    errors = {index: error for index in range(len(batch.names)) if (error := _error(parcel, index, points, now_ms))}
    exhibits = [(batch.first_seq + index, _exhibit(parcel, index, error)) for index, error in errors.items()]
    return Judged(parcel, rows.only([index not in errors for index in range(len(batch.names))]), exhibits)


def _ids(parcel: Parcel, points: Points, kinds: Iterable[type]) -> list[int]:
    of_kind = {kind: points.get((parcel.site_id, kind), {}) for kind in kinds}
    if len(of_kind) == 1:
        (ids,) = of_kind.values()
        return list(map(ids.get, parcel.batch.names, repeat(_NO_POINT)))
    told = zip(parcel.batch.names, parcel.batch.values, strict=True)
    return [of_kind[type(value)].get(name, _NO_POINT) for name, value in told]


def _rows(parcel: Parcel, ids: list[int], *, texts: bool) -> Rows:
    batch = parcel.batch
    return Rows(
        ids,
        batch.ats_ms,
        range(batch.first_seq, batch.first_seq + len(ids)),
        [0 if isinstance(value, str) else value for value in batch.values],
        [value if isinstance(value, str) else None for value in batch.values] if texts else [None] * len(ids),
        [quality is not _GOOD for quality in batch.qualities],
    )


def _exhibit(parcel: Parcel, index: int, error: MessageError) -> Exhibit:
    reading = parcel.batch.reading(index)
    origin = Origin(reading.device, parcel.batch.epoch, parcel.batch.first_seq + index)
    return Exhibit(parcel.topic, parcel.channel.sender, error.reason, error.detail, encode_reading(reading), origin)


def _error(parcel: Parcel, index: int, points: Points, now_ms: int) -> MessageError | None:
    batch = parcel.batch
    value = batch.values[index]
    try:
        _check_point(parcel.site_id, batch.names[index], value, points)
        check_time(batch.ats_ms[index], now_ms)
        _check_storable(value)
    except MessageError as error:
        return error
    return None


def _check_point(site_id: int, name: str, value: Value, points: Points) -> None:
    device, point = parted(name)
    if point not in VOCABULARY:
        raise MessageError(Refusal.UNKNOWN_POINT, f"point {point!r} is not in the vocabulary")
    kind = VOCABULARY[point].kind
    if not any(name in points.get((site_id, taken), {}) for taken in TYPES[kind]):
        raise MessageError(Refusal.UNKNOWN_DEVICE, f"device {device!r} is not known at this site")
    if type(value) not in TYPES[kind]:
        raise MessageError(Refusal.WRONG_TYPE, f"{point} is a {kind.value}, not {value!r}")


def _are_storable(values: Sequence[Value], kinds: Set[type]) -> bool:
    if kinds <= _ALWAYS_STORABLE:
        return True
    try:
        for value in values:
            _check_storable(value)
    except MessageError:
        return False
    return True


def _check_storable(value: Value) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise MessageError(Refusal.BAD_VALUE, f"{value!r} has a NUL character, which the database cannot keep")
        return
    try:
        float(value)
    except OverflowError as error:
        raise MessageError(Refusal.BAD_VALUE, "the number does not fit 64-bit floating point") from error
