"""The content of a scenario file.

Responsible for shapes and ranges. Refuses unknown keys: a misspelt one must not be a scenario in which nothing
happens.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from shigotoba_sim.faults.kinds import Fault, Moment, Share

SeatType = Literal["window", "big_table", "family_booth", "focus"]
Act = Literal[
    "clock_jump", "gateway_power_cut", "uplink_cut", "broker_restart", "database_restart", "bluetoothd_restart"
]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file."""


class Telework(_Part, frozen=True, rename={"start": "from", "end": "to"}):
    """A telework campaign (テレワーク強化月間): on each of its days this share of the staff works at home as well.

    Attributes:
        start: First day.
        share: Of those who would have come, 0 to 1.
        end: First day after it; None for a campaign that stays.
        department: Only this one, by its name; None for all.
    """

    start: date
    share: Share
    end: date | None = None
    department: str | None = None


class Refit(_Part, frozen=True):
    """A floor is refitted over night: other seats, and people like it more or less than before.

    Attributes:
        on: First day with the new floor.
        floor: Its code.
        seat_types: Which type of seat becomes which, for the people who choose; the sensors stay.
        appeal: How much more people like the floor's seats than before, 1 for no change.
    """

    on: date
    floor: str
    seat_types: dict[SeatType, SeatType] = {}
    appeal: Annotated[float, msgspec.Meta(gt=0, le=20)] = 1.0


class Reform(_Part, frozen=True):
    """Paper and fax fall as they did where figures were published; see ``curves.csv`` for names and sources.

    Attributes:
        starts_on: The day that stands for the base period of the curve.
        paper: Name of the curve of printing and copying; None for no change.
        fax: Name of the curve of faxes sent and received; None for no change.
    """

    starts_on: date
    paper: str | None = None
    fax: str | None = None


class Mark(_Part, frozen=True):
    """Something that a runner does to a process; the simulator only says when.

    Attributes:
        act: What.
        at: When; either this or ``after_s``.
        after_s: When, in seconds after the building comes to life.
        lasts_s: How long, where that means something.
        by_s: By how many seconds a clock jumps, backwards if negative; for ``clock_jump`` alone.
    """

    act: Act
    at: Moment | None = None
    after_s: Annotated[float, msgspec.Meta(ge=0)] | None = None
    lasts_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    by_s: float | None = None


class Scenario(_Part, frozen=True):
    """A whole file; an empty one changes nothing.

    Attributes:
        name: For people.
        telework: Telework campaigns.
        refit: Refits of floors.
        reform: How paper and fax fall.
        fault: What breaks.
        mark: What a runner does to processes.
    """

    name: str = ""
    telework: tuple[Telework, ...] = ()
    refit: tuple[Refit, ...] = ()
    reform: Reform | None = None
    fault: tuple[Fault, ...] = ()
    mark: tuple[Mark, ...] = ()


ORDINARY = Scenario()
"""Nothing is different."""
