"""What payloads mean: the EnOcean Equipment Profiles of rockers, contacts and occupancy sensors.

Bits after research/edge.md sections 3.3 and 3.4. DB3 to DB0 are the four bytes of a 4BS payload in their order.

Responsible for the bits. Refuses to guess: bits that a profile does not have are an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from shigotoba_edge.drivers.enocean.telegram import FOUR_BYTES, LENGTHS, ONE_BYTE, RPS, Telegram
from shigotoba_edge.frames import FrameError
from shigotoba_wire.readings import Value

Values = tuple[tuple[str, Value], ...]

ProfileName = Literal[
    "F6-02-01", "F6-02-02", "F6-02-04", "D5-00-01", "A5-07-01", "A5-07-02", "A5-07-03", "A5-08-01", "A5-08-02"
]

_PRESSED: Final = 0x80
_SIDES: Final = {0x02: "AI", 0x01: "AO", 0x08: "BI", 0x04: "BO"}
"""F6-02-04, side of rocker by bit: RAI, RA0, RBI, RB0."""

_ACTIONS: Final = ("AI", "AO", "BI", "BO")
_BOW: Final = 0x10
_SECOND_VALID: Final = 0x01
_ONE_BUTTON_MESSAGE: Final = 0x10

_CLOSED: Final = 0x01
_DATA: Final = 0x08

_SUPPLY_VALID: Final = 0x01
_PIR: Final = 0x80
_NOBODY: Final = 0x02
_BUTTON_UP: Final = 0x01
_SUPPLY_STEPS: Final = 250


class Profile(msgspec.Struct, frozen=True):
    """A profile: the kind of telegram it is for, and what such a telegram says."""

    kind: int
    read: Callable[[Telegram], Values]


def read(name: ProfileName, telegram: Telegram) -> Values:
    """What a telegram says that is no teach-in, by the profile of its sender.

    Raises:
        FrameError: The profile is for another kind of telegram, or does not have these bits.
    """
    profile = PROFILES[name]
    if telegram.kind != profile.kind:
        raise FrameError("wrong_profile", f"{name} does not send telegrams of kind {telegram.kind:x}")
    return profile.read(telegram)


def check_length(telegram: Telegram) -> None:
    """See that the payload has the length of its kind.

    Raises:
        FrameError: It has another, or the kind is none of ours.
    """
    length = LENGTHS.get(telegram.kind)
    if length is None:
        raise FrameError("unsupported_telegram", f"type {telegram.kind:x}")
    if len(telegram.payload) != length:
        raise FrameError("unknown_payload", telegram.payload.hex())


def teaches(telegram: Telegram) -> bool:
    """Whether a telegram only introduces its sender."""
    return telegram.teach_in or (telegram.kind in (ONE_BYTE, FOUR_BYTES) and not telegram.payload[-1] & _DATA)


def _rocker_erp2(telegram: Telegram) -> Values:
    """F6-02-04: bit 7 is the energy bow (1 pressed), bits 3 to 0 are RBI, RB0, RAI, RA0."""
    bits = telegram.payload[0]
    if bits == 0:
        return (("button", "released"),)
    if bits & 0xF0 != _PRESSED:
        raise FrameError("unknown_payload", f"rocker {bits:02x}")
    return (("button", _one_side([name for bit, name in _SIDES.items() if bits & bit], bits)),)


def _rocker(telegram: Telegram) -> Values:
    """F6-02-01 and -02: bits 7-5 first action, bit 4 energy bow, bits 3-1 second action, bit 0 whether there is one."""
    bits = telegram.payload[0]
    if not bits & _BOW:
        return (("button", "released"),)
    if telegram.status is not None and not telegram.status & _ONE_BUTTON_MESSAGE:
        raise FrameError("unknown_payload", f"{bits:02x}: three or four buttons at once")
    actions = [bits >> 5] + ([bits >> 1 & 7] if bits & _SECOND_VALID else [])
    if max(actions) >= len(_ACTIONS):
        raise FrameError("unknown_payload", f"rocker {bits:02x}")
    return (("button", _one_side([_ACTIONS[action] for action in actions], bits)),)


def _one_side(sides: list[str], bits: int) -> str:
    """A wide rocker over both channels presses two of the same side: channel A stands for both."""
    if not sides:
        raise FrameError("unknown_payload", f"rocker {bits:02x}")
    if len({side[1] for side in sides}) > 1:
        raise FrameError("both_sides_pressed", f"rocker {bits:02x}")
    return min(sides)


def _contact(telegram: Telegram) -> Values:
    """D5-00-01: bit 0 is 1 when closed."""
    return (("contact", bool(telegram.payload[0] & _CLOSED)),)


def _occupancy_07_01(telegram: Telegram) -> Values:
    supply, _, pir, flags = telegram.payload
    voltage = _voltage_5_0(supply) if flags & _SUPPLY_VALID else ()
    return (("occupancy", pir >= _PIR), *voltage)


def _occupancy_07_02(telegram: Telegram) -> Values:
    """A5-07-02, and -03, whose light in DB2 and DB1 is none of our points."""
    supply, _, _, flags = telegram.payload
    return (("occupancy", bool(flags & _PIR)), *_voltage_5_0(supply))


def _occupancy_08(telegram: Telegram) -> Values:
    """A5-08-01 and -02; they differ in the range of the light, which is none of our points. Both bits are inverted."""
    supply, _, _, flags = telegram.payload
    pressed: Values = () if flags & _BUTTON_UP else (("button", "press"),)
    return (("occupancy", not flags & _NOBODY), ("voltage_v", round(supply * 0.02, 2)), *pressed)


def _voltage_5_0(supply: int) -> Values:
    # 251 to 255 are error codes.
    return (("voltage_v", round(supply * 5 / _SUPPLY_STEPS, 2)),) if supply <= _SUPPLY_STEPS else ()


PROFILES: Final[dict[ProfileName, Profile]] = {
    "F6-02-01": Profile(RPS, _rocker),
    "F6-02-02": Profile(RPS, _rocker),
    "F6-02-04": Profile(RPS, _rocker_erp2),
    "D5-00-01": Profile(ONE_BYTE, _contact),
    "A5-07-01": Profile(FOUR_BYTES, _occupancy_07_01),
    "A5-07-02": Profile(FOUR_BYTES, _occupancy_07_02),
    "A5-07-03": Profile(FOUR_BYTES, _occupancy_07_02),
    "A5-08-01": Profile(FOUR_BYTES, _occupancy_08),
    "A5-08-02": Profile(FOUR_BYTES, _occupancy_08),
}
