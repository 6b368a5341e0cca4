"""What a presence sensor may do: it is a witness. It confirms; it never cancels (design section 4, point 2).

Somebody seen while a booking waits for its person is the check-in. Nobody seen in a booth that is in use is a reason to
ask, then to tell the staff, and never to evict: a still person is invisible to most sensors. A sensor that is silent
has said nothing.

Responsible for those conclusions. Refuses to know sensors, and to end anything.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

from shigotoba_booth.decisions import CheckIn
from shigotoba_booth.holds import Hold, Policy, stands


class Doubt(enum.Enum):
    """What to do about a use that no sensor confirms."""

    NONE = "none"
    ASK = "ask"
    TELL_STAFF = "tell_staff"


def decide_presence(at: datetime, holds: Sequence[Hold], policy: Policy) -> CheckIn | None:
    """The check-in that somebody seen at ``at`` amounts to; None when no booking waits for its person.

    Somebody who is seen shortly before a booking while another still stands is that other's person.
    """
    standing = sorted((hold for hold in holds if stands(hold, at, policy)), key=lambda hold: hold.start)
    if not standing:
        return None
    first = standing[0]
    waits = not first.checked_in and first.start - policy.early_check_in <= at
    return CheckIn(first, at) if waits else None


def doubt(
    at: datetime, vacant_since: datetime | None, asked_at: datetime | None, patience: timedelta, answer_in: timedelta
) -> Doubt:
    """What to do about a use at ``at``.

    Args:
        at: Now.
        vacant_since: Since when every living sensor has seen nobody; None when one sees somebody or none is alive.
        asked_at: When the person was asked, if so and not answered since.
        patience: How long nobody must have been seen before the person is asked.
        answer_in: How long an answer may take before the staff are told.
    """
    if vacant_since is None or at - vacant_since < patience:
        return Doubt.NONE
    if asked_at is None:
        return Doubt.ASK
    return Doubt.TELL_STAFF if at - asked_at >= answer_in else Doubt.NONE
