"""A batch as SenML JSON (RFC 8428), and back.

The first record carries the base name ``bn`` (``scope/sender/``), the base time ``bt`` and two labels of ours, ``ep``
(epoch) and ``sq`` (sequence number of the first record); a receiver that does not know them may ignore them (RFC 8428
section 4.4), because they do not end in an underscore. ``ql`` marks a reading that is not of good quality.

Responsible for syntax: anything that does not parse into a ``Batch`` is refused with a reason. Refuses to judge
whether a device is known or a time plausible (see the backend), except for times that RFC 8428 section 4.5.3 calls
relative: they mean that the sender's clock was not set.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.pack import Plain, Record, parse_pack
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.readings import MAX_SEQUENCE, Batch, Quality, Reading, Value, is_name

RELATIVE_BELOW_S: Final = 2**28
"""Times below this many seconds are relative to "now" (RFC 8428 section 4.5.3)."""

LATEST_S: Final = 253_402_300_800
"""The year 10000; later times are nonsense and would not fit a calendar."""


_EARLIEST_MS: Final = RELATIVE_BELOW_S * 1000
_LATEST_MS: Final = LATEST_S * 1000 - 1
_NAMES_REMEMBERED: Final = 16_384


class Columns(msgspec.Struct, frozen=True):
    """A batch by columns, for receivers of very many; the lists are equally long.

    Attributes:
        scope: As in ``Batch``, like the next three.
        sender: See there.
        epoch: See there.
        first_seq: See there.
        names: ``device/point``.
        values: As in ``Reading``, like the next two.
        ats_ms: See there.
        qualities: See there.
    """

    scope: str
    sender: str
    epoch: str
    first_seq: int
    names: list[str]
    values: list[Value]
    ats_ms: list[int]
    qualities: list[Quality]

    def reading(self, index: int) -> Reading:
        """The reading at that place, from 0."""
        device, point = parted(self.names[index])
        return Reading(device, point, self.values[index], self.ats_ms[index], self.qualities[index])


_encoder = msgspec.json.Encoder()
_GOOD: Final = Quality.GOOD
_UNITS: Final = {name: point.unit or None for name, point in VOCABULARY.items()}


def encode_batch(batch: Batch) -> bytes:
    """The batch as SenML JSON.

    Raises:
        ValueError: The batch is empty.
    """
    if not batch.readings:
        raise ValueError("a batch needs at least one reading")
    base_ms = batch.readings[0].at_ms
    records = [_record(reading, base_ms) for reading in batch.readings]
    first = records[0]
    first.bn = f"{batch.scope}/{batch.sender}/"
    first.bt = base_ms / 1000
    first.ep = batch.epoch
    first.sq = batch.first_seq
    return _encoder.encode(records)


def encode_reading(reading: Reading) -> bytes:
    """One reading alone as a SenML record without base values; how the quarantine keeps it."""
    return _encoder.encode([_record(reading, 0)])


def _record(reading: Reading, base_ms: int) -> Record:
    value = reading.value
    record = Record(n=f"{reading.device}/{reading.point}", u=_UNITS.get(reading.point))
    if reading.at_ms != base_ms:
        record.t = (reading.at_ms - base_ms) / 1000
    if isinstance(value, bool):
        record.vb = value
    elif isinstance(value, str):
        record.vs = value
    else:
        record.v = value
    if reading.quality is not Quality.GOOD:
        record.ql = reading.quality
    return record


def decode_batch(payload: bytes) -> Batch:
    """The batch in ``payload``.

    Raises:
        MessageError: The payload is not a batch of ours; ``reason`` says in which way.
    """
    columns = decode_columns(payload)
    devices, points = zip(*map(parted, columns.names), strict=True)
    readings = tuple(map(Reading, devices, points, columns.values, columns.ats_ms, columns.qualities))
    return Batch(columns.scope, columns.sender, columns.epoch, columns.first_seq, readings)


def decode_columns(payload: bytes) -> Columns:
    """The batch in ``payload`` by columns; checks and errors as in ``decode_batch``."""
    head, records = parse_pack(payload)
    scope, sender = _base_name(head)
    epoch, first_seq = _numbering(head, len(records))
    # Passes of small steps over all records: in Python these cost a fraction of one function call for each record.
    names = [record.n for record in records]
    # Remembers every name that is right and raises for the first that is not.
    deque(map(parted, names), maxlen=0)
    qualities = [record.ql or _GOOD for record in records]
    ats_ms = _ats_ms(head.bt or 0.0, records)
    return Columns(scope, sender, epoch, first_seq, names, _values(records), ats_ms, qualities)


def columns_of(batch: Batch) -> Columns:
    """The batch by columns."""
    return Columns(
        batch.scope,
        batch.sender,
        batch.epoch,
        batch.first_seq,
        [f"{reading.device}/{reading.point}" for reading in batch.readings],
        [reading.value for reading in batch.readings],
        [reading.at_ms for reading in batch.readings],
        [reading.quality for reading in batch.readings],
    )


@lru_cache(_NAMES_REMEMBERED)
def parted(name: str) -> tuple[str, str]:
    """Device and point of a record's name. The same few names come for years, so answers are remembered.

    Raises:
        MessageError: It is not ``device/point``.
    """
    device, slash, point = name.rpartition("/")
    if not (slash and is_name(device) and is_name(point)):
        raise MessageError(Refusal.BAD_NAME, f"name {name!r} is not 'device/point'")
    return device, point


def _base_name(head: Record) -> tuple[str, str]:
    parts = (head.bn or "").split("/")
    if len(parts) != 3 or parts[2] or not (is_name(parts[0]) and is_name(parts[1])):
        raise MessageError(Refusal.BAD_NAME, f"base name {head.bn!r} is not 'scope/sender/'")
    return parts[0], parts[1]


def _numbering(head: Record, count: int) -> tuple[str, int]:
    if head.ep is None or not is_name(head.ep):
        raise MessageError(Refusal.BAD_SEQUENCE, f"epoch {head.ep!r} is not a name")
    if head.sq is None or not 1 <= head.sq <= MAX_SEQUENCE - count:
        raise MessageError(Refusal.BAD_SEQUENCE, f"first sequence number {head.sq!r} is not from 1 to 2^62")
    return head.ep, head.sq


def _ats_ms(base_s: float, records: Sequence[Record | Plain]) -> list[int]:
    ats_s = [base_s + record.t for record in records]
    low_s, high_s = min(ats_s), max(ats_s)
    # Rounded before it is judged: adding base and offset as floats may miss a whole millisecond by a hair.
    if not (-LATEST_S <= low_s <= high_s <= LATEST_S and _EARLIEST_MS <= _ms(low_s) <= _ms(high_s) <= _LATEST_MS):
        raise _bad_time(records, ats_s)
    # As ``_ms``, without a call for each: they are all positive now.
    return [int(at_s * 1000 + 0.5) for at_s in ats_s]


def _ms(at_s: float) -> int:
    return math.floor(at_s * 1000 + 0.5)


def _bad_time(records: Sequence[Record | Plain], ats_s: list[float]) -> MessageError:
    first, last = _EARLIEST_MS / 1000, _LATEST_MS / 1000
    farthest = max(range(len(records)), key=lambda index: max(first - ats_s[index], ats_s[index] - last))
    detail = f"{records[farthest].n}: time {ats_s[farthest]!r} s is not absolute; was the sender's clock set?"
    return MessageError(Refusal.BAD_TIME, detail)


def _values(records: Sequence[Record | Plain]) -> list[Value]:
    # Truth values are most of what is sent; a number and a text are the same object only if neither is there.
    return [_value(record) if record.v is not record.vs or record.vb is None else record.vb for record in records]


def _value(record: Record | Plain) -> Value:
    values = [value for value in (record.v, record.vb, record.vs) if value is not None]
    if len(values) != 1:
        raise MessageError(Refusal.BAD_VALUE, f"{record.n}: {len(values)} values, need exactly one of v, vb, vs")
    return values[0]
