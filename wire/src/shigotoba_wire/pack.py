"""The records of a SenML pack (RFC 8428 section 4), from bytes.

What we send ourselves is written without spaces and has base values in its first record only, so the others are read
into a smaller shape that takes nothing else: what it refuses, or what somebody else wrote, is read the long way.

Responsible for syntax, and for base values standing where we take them. Refuses to resolve names and times (see
``senml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.readings import MAX_BATCH_READINGS, Quality

MAX_PAYLOAD_BYTES: Final = 256 * 1024
"""Longer payloads are refused unread."""


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


class Plain(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A record without base values, numbering and labels of others."""

    n: str = ""
    t: float = 0.0
    u: str | None = None
    v: int | float | None = None
    vb: bool | None = None
    vs: str | None = None
    ql: Quality | None = None


Pack = tuple[Record, Sequence[Record | Plain]]
"""The first record, and all of them."""

_decoder = msgspec.json.Decoder(list[Record])
_head_decoder = msgspec.json.Decoder(Record)
_plain_decoder = msgspec.json.Decoder(list[Plain])
_MUST_UNDERSTAND: Final = re.compile(rb'_"\s*:')


def parse_pack(payload: bytes) -> Pack:
    """The records in ``payload``, at least one; base values only in the first.

    Raises:
        MessageError: It is no pack, or one that we do not take; ``reason`` says in which way.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(Refusal.TOO_LONG, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} are taken")
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise MessageError(Refusal.NOT_UTF8, f"byte {error.start} is not UTF-8") from error
    head, records = _read_ours(payload) or _read_any(payload)
    if _MUST_UNDERSTAND.search(payload):
        raise MessageError(Refusal.UNSUPPORTED, "a label ends in '_': it must be understood, and we know none")
    if len(records) > MAX_BATCH_READINGS:
        raise _wrong_length(len(records))
    if not (head.bver is head.bv is None):
        raise MessageError(Refusal.UNSUPPORTED, "bver and bv are not taken")
    return head, records


def _read_ours(payload: bytes) -> Pack | None:
    # Whatever else "},{" might be part of, the two pieces around it are then not both JSON.
    end = payload.find(b"},{") + 1
    if end and payload.startswith(b"[{"):
        with suppress(msgspec.MsgspecError, RecursionError):
            head = _head_decoder.decode(payload[1:end])
            return head, [head, *_plain_decoder.decode(b"[" + payload[end + 1 :])]
    return None


def _read_any(payload: bytes) -> Pack:
    try:
        records = _decoder.decode(payload)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MessageError(Refusal.MALFORMED, f"not a SenML pack: {error}") from error
    if not records:
        raise _wrong_length(0)
    for record in records[1:]:
        if not (record.bn is record.bt is record.bver is record.bv is record.ep is record.sq is None):
            raise MessageError(Refusal.UNSUPPORTED, "base values belong to the first record only")
    return records[0], records


def _wrong_length(count: int) -> MessageError:
    return MessageError(Refusal.MALFORMED, f"{count} records, need 1 to {MAX_BATCH_READINGS}")
