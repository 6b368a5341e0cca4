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
import re
from typing import Final

import msgspec

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.readings import MAX_BATCH_READINGS, MAX_SEQUENCE, Batch, Quality, Reading, Value, is_name

MAX_PAYLOAD_BYTES: Final = 256 * 1024
"""Longer payloads are refused unread."""

RELATIVE_BELOW_S: Final = 2**28
"""Times below this many seconds are relative to "now" (RFC 8428 section 4.5.3)."""

LATEST_S: Final = 253_402_300_800
"""The year 10000; later times are nonsense and would not fit a calendar."""


class Record(msgspec.Struct, omit_defaults=True, gc=False):
    """One SenML record; labels as in RFC 8428 section 4.3, ``ep``, ``sq`` and ``ql`` are ours."""

    bn: str | None = None
    bt: float | None = None
    bver: int | None = None
    bv: float | None = None
    ep: str | None = None
    sq: int | None = None
    n: str = ""
    t: float = 0.0
    u: str | None = None
    v: int | float | None = None
    vb: bool | None = None
    vs: str | None = None
    ql: Quality | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Record])
_MUST_UNDERSTAND: Final = re.compile(rb'_"\s*:')
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
    records = _parse(payload)
    head = records[0]
    scope, sender = _base_name(head)
    epoch, first_seq = _numbering(head, len(records))
    readings = _resolve(records)
    return Batch(scope, sender, epoch, first_seq, readings)


def _parse(payload: bytes) -> list[Record]:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(Refusal.TOO_LONG, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} are taken")
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise MessageError(Refusal.NOT_UTF8, f"byte {error.start} is not UTF-8") from error
    try:
        records = _decoder.decode(payload)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MessageError(Refusal.MALFORMED, f"not a SenML pack: {error}") from error
    if _MUST_UNDERSTAND.search(payload):
        raise MessageError(Refusal.UNSUPPORTED, "a label ends in '_': it must be understood, and we know none")
    if not 0 < len(records) <= MAX_BATCH_READINGS:
        raise MessageError(Refusal.MALFORMED, f"{len(records)} records, need 1 to {MAX_BATCH_READINGS}")
    return records


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


def _resolve(records: list[Record]) -> tuple[Reading, ...]:
    base_s = records[0].bt or 0.0
    for index, record in enumerate(records):
        _check_only_the_head_has_base_values(record, index)
    return tuple([_reading(record, base_s) for record in records])


def _check_only_the_head_has_base_values(record: Record, index: int) -> None:
    if record.bver is not None or record.bv is not None:
        raise MessageError(Refusal.UNSUPPORTED, f"record {index}: bver and bv are not taken")
    if index and not (record.bn is record.bt is record.ep is record.sq is None):
        raise MessageError(Refusal.UNSUPPORTED, f"record {index}: base values belong to the first record only")


def _reading(record: Record, base_s: float) -> Reading:
    device, slash, point = record.n.rpartition("/")
    if not (slash and is_name(device) and is_name(point)):
        raise MessageError(Refusal.BAD_NAME, f"name {record.n!r} is not 'device/point'")
    return Reading(device, point, _value(record), _at_ms(record, base_s), record.ql or Quality.GOOD)


def _at_ms(record: Record, base_s: float) -> int:
    at_s = base_s + record.t
    # Rounded before it is judged: adding base and offset as floats may miss a whole millisecond by a hair.
    at_ms = round(at_s * 1000) if abs(at_s) <= LATEST_S else 0
    if not RELATIVE_BELOW_S * 1000 <= at_ms < LATEST_S * 1000:
        raise MessageError(
            Refusal.BAD_TIME, f"{record.n}: time {at_s!r} s is not absolute; was the sender's clock set?"
        )
    return at_ms


def _value(record: Record) -> Value:
    values = [value for value in (record.v, record.vb, record.vs) if value is not None]
    if len(values) != 1:
        raise MessageError(Refusal.BAD_VALUE, f"{record.n}: {len(values)} values, need exactly one of v, vb, vs")
    value = values[0]
    if isinstance(value, float) and not math.isfinite(value):
        raise MessageError(Refusal.BAD_VALUE, f"{record.n}: {value!r} is not a finite number")
    return value
