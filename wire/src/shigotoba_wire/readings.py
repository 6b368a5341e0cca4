"""A reading, and a batch of them as one sender numbered them.

Responsible for the shape of what is measured. Refuses to encode (see ``senml``) and to interpret (see the backend).
"""

from __future__ import annotations

import enum
import re
from typing import Final

import msgspec

Value = bool | int | float | str

MAX_BATCH_READINGS: Final = 5_000
"""More readings than this in one batch are refused: a commit must stay short."""

MAX_SEQUENCE: Final = 2**62 - 1
"""Half the range of the signed 64-bit integers both sides store, so that first + count always fits."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,63}\Z", re.ASCII)


class Quality(enum.Enum):
    """How far a value can be trusted."""

    GOOD = "good"
    UNCERTAIN = "uncertain"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of one point of one device.

    Attributes:
        device: Identity of the device, unique in the site, such as ``ble-5448e68f80a5`` or ``mfp-6509415X00``.
        point: What is measured, a name from ``points.VOCABULARY`` such as ``occupancy``.
        value: Truth value, number or text, as the vocabulary says.
        at_ms: When it was so, UTC, milliseconds since 1970-01-01.
        quality: ``GOOD`` unless the driver knows better.
    """

    device: str
    point: str
    value: Value
    at_ms: int
    quality: Quality = Quality.GOOD


class Batch(msgspec.Struct, frozen=True):
    """Readings that one sender numbered ``first_seq``, ``first_seq + 1``, ... within one epoch.

    Attributes:
        scope: Where the sender belongs: the site for a gateway, the gateway for an edge agent.
        sender: The gateway or agent.
        epoch: Random name of the sender's outbox file; a new file is a new epoch.
        first_seq: Sequence number of the first reading, from 1.
        readings: At least one, at most ``MAX_BATCH_READINGS``.
    """

    scope: str
    sender: str
    epoch: str
    first_seq: int
    readings: tuple[Reading, ...]


def is_name(text: str) -> bool:
    """Whether ``text`` may name a site, sender, device or point.

    The characters are those RFC 8428 section 4.5.1 allows in a SenML name, less the slash, which separates our parts.
    """
    return _NAME.match(text) is not None
