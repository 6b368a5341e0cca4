"""The receipt: what the receiver has committed, and what it refused.

A broker's PUBACK does not mean "stored" (research/mqtt.md section 0), so a sender forgets a batch only on a receipt.
A payload that cannot be understood has no readable sequence number; it is refused by its digest.

Responsible for the message. Refuses to decide what is stored.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

from shigotoba_wire.errors import MessageError, Refusal

SequenceNumber = Annotated[int, msgspec.Meta(ge=1, le=2**62 - 1)]
"""Half the range of a signed 64-bit integer, so that first + count can always be stored."""


class Span(msgspec.Struct, frozen=True, array_like=True):
    """The sequence numbers ``first`` to ``first + count - 1``; ``[first, count]`` on the wire."""

    first: SequenceNumber
    count: SequenceNumber


class Rejection(msgspec.Struct, frozen=True):
    """One payload that will never be accepted.

    Attributes:
        digest: ``digest_of`` the payload as it was received.
        reason: A ``Refusal`` value.
        detail: What was wrong, for a person.
    """

    digest: str
    reason: str
    detail: str


class Receipt(msgspec.Struct, frozen=True):
    """What became of a sender's batches.

    Attributes:
        epoch: The epoch the spans belong to; empty when there are only rejections.
        stored: Committed sequence numbers.
        rejected: Refused payloads.
        deferred: Numbers that are not taken now, for want of room; the sender keeps them and tries again later.
    """

    epoch: str
    stored: tuple[Span, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    deferred: tuple[Span, ...] = ()


def digest_of(payload: bytes) -> str:
    """SHA-256 of the payload, hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Receipt)


def encode_receipt(receipt: Receipt) -> bytes:
    """The receipt as JSON."""
    return _encoder.encode(receipt)


def decode_receipt(payload: bytes) -> Receipt:
    """The receipt in ``payload``.

    Raises:
        MessageError: It is not a receipt.
    """
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(Refusal.MALFORMED, f"receipt: {error}") from error
