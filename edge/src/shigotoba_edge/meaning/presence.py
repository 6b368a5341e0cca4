"""Whether somebody is at a place, from what one sensor says: a pure function of what was heard and of the time.

The word at an instant is

- unknown, while nothing was heard, or the last word is longer ago than the model's reach;
- occupied, while the sensor says so and for the hold time after its last sign;
- vacant otherwise; but not before a hold time has passed since the first word: somebody may have come before it.

Words change when something is heard or when a time is up, and that instant is the moment of change: nothing is dated
back, and a sensor that died during a hold never makes a place vacant.

Responsible for the arithmetic. Refuses to know devices and clocks (see ``interpreter``).
"""

from __future__ import annotations

import enum

import msgspec

from shigotoba_edge.meaning.model import Model


class Word(enum.Enum):
    """What is known of a place."""

    UNKNOWN = "unknown"
    OCCUPIED = "occupied"
    VACANT = "vacant"


class Presence(msgspec.Struct, frozen=True):
    """What one sensor has said so far; times in UTC milliseconds.

    Attributes:
        first_ms: When it was heard first.
        heard_ms: When it was heard last.
        signs: It says somebody is there, until it says otherwise.
        sign_ms: When the last sign of somebody ended or happened; None if there was none.
    """

    first_ms: int
    heard_ms: int
    signs: bool = False
    sign_ms: int | None = None


def heard(before: Presence | None, model: Model, sign: bool | None, at_ms: int) -> Presence:
    """What is known after the sensor was heard; ``sign`` is None if it only shows that it is alive."""
    known = before
    if known is None or at_ms - known.heard_ms > model.reach_ms:
        # Whoever was there before a silence says nothing about now.
        known = Presence(at_ms, at_ms)
    if sign is None:
        return msgspec.structs.replace(known, heard_ms=at_ms)
    ended_now = known.signs and not sign
    sign_ms = at_ms if sign or ended_now else known.sign_ms
    return Presence(known.first_ms, at_ms, sign and not model.pulse, sign_ms)


def word_at(known: Presence | None, model: Model, now_ms: int) -> Word:
    """What is known at ``now_ms``, not before the last word."""
    if known is None or now_ms - known.heard_ms > model.reach_ms:
        return Word.UNKNOWN
    if known.signs or (known.sign_ms is not None and now_ms < known.sign_ms + model.hold_ms):
        return Word.OCCUPIED
    if known.sign_ms is None and now_ms < known.first_ms + model.hold_ms:
        return Word.UNKNOWN
    return Word.VACANT


def vacant_from_ms(known: Presence, model: Model) -> int | None:
    """When the place becomes vacant if nothing more is heard; None if it does not."""
    if known.signs:
        return None
    since_ms = known.first_ms if known.sign_ms is None else known.sign_ms
    moment_ms = since_ms + model.hold_ms
    return moment_ms if known.heard_ms < moment_ms <= known.heard_ms + model.reach_ms else None
