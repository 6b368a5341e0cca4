"""The faults that a scenario may schedule, one struct per kind.

Times are aware; ``from`` is included, ``to`` is not, and a fault without ``to`` never ends. ``who`` names devices,
spaces or floors; left out, it means every device that the fault can befall.

Responsible for shapes. Refuses to say what a fault does (see ``schedule`` and ``counting``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]
Who = tuple[str, ...]


class _Fault(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, kw_only=True):
    """What all faults have: a ``kind``."""


class _Lasting(_Fault, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """A fault that lasts."""

    start: Moment
    end: Moment | None = None


class SensorDies(_Lasting, frozen=True, tag="sensor_dies"):
    """Sensors or rockers say nothing any more."""

    who: Who


class BatteryFades(_Fault, frozen=True, tag="battery_fades", rename={"start": "from", "end": "to"}):
    """Batteries fall straight to nothing until ``to``; from then on the sensors are silent for good."""

    start: Moment
    end: Moment
    who: Who


class AdvertsLost(_Lasting, frozen=True, tag="adverts_lost"):
    """Each single advertisement is lost with the probability ``share``; a change is said five times, a beat once."""

    share: Share
    who: Who = ()


class RadioDeaf(_Lasting, frozen=True, tag="radio_deaf"):
    """The host hears no advertisement at all, as after a restart of bluetoothd."""


class StickUnplugged(_Lasting, frozen=True, tag="stick_unplugged"):
    """The EnOcean stick is out of its port."""


class LineNoise(_Lasting, frozen=True, tag="line_noise"):
    """Telegrams on the EnOcean line are damaged with the probability ``share``, and so lost to their checksum."""

    share: Share


class MfpAsleep(_Lasting, frozen=True, tag="mfp_asleep"):
    """Printers answer nobody; they go on counting."""

    who: Who = ()


class MfpReboots(_Fault, frozen=True, tag="mfp_reboots"):
    """Printers are switched off and on again."""

    at: Moment
    lasts_s: Annotated[float, msgspec.Meta(gt=0)] = 90.0
    who: Who = ()


class CounterReset(_Fault, frozen=True, tag="counter_reset"):
    """Every counter of the printers begins again at nothing."""

    at: Moment
    who: Who


class BoardSwap(_Fault, frozen=True, tag="board_swap"):
    """A new engine board: same serial, and all counters are what it came with, ``count`` sides printed."""

    at: Moment
    who: Who
    count: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0


class MfpReplaced(_Fault, frozen=True, tag="mfp_replaced"):
    """Another printer of the same make, with a serial of its own, stands at the place of the one in ``who``."""

    at: Moment
    who: Annotated[Who, msgspec.Meta(min_length=1, max_length=1)]
    serial: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,59}$")]


class CounterWraps(_Fault, frozen=True, tag="counter_wraps"):
    """The counters stand just below 2^31 or 2^32 all along and run over at ``at``."""

    at: Moment
    who: Who
    bits: Literal[31, 32] = 32


class DuplicateDeliveries(_Lasting, frozen=True, tag="duplicate_deliveries"):
    """A share of the readings is told twice.

    In the history with the same time and another sequence number; live, a BLE sensor tells a change once more two
    seconds later, as a new message.
    """

    share: Share


Fault = (
    SensorDies
    | BatteryFades
    | AdvertsLost
    | RadioDeaf
    | StickUnplugged
    | LineNoise
    | MfpAsleep
    | MfpReboots
    | CounterReset
    | BoardSwap
    | MfpReplaced
    | CounterWraps
    | DuplicateDeliveries
)
