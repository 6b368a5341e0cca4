"""How a device introduces itself, in words a person can put into the settings.

A 4BS teach-in may name profile and maker: function (6 bits), type (7), maker (11), and bit 7 of DB0 says that it does.
1BS teach-ins name nothing, rockers send none.

Responsible for the sentence. Refuses to believe it: which profile a device has is said by the settings alone.
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.drivers.enocean.telegram import FOUR_BYTES, Telegram

_NAMES_PROFILE: Final = 0x80


def named_profile(telegram: Telegram) -> str:
    """The profile that a teach-in names, such as ``A5-07-01``; empty if it names none."""
    if telegram.kind != FOUR_BYTES or not telegram.payload[3] & _NAMES_PROFILE:
        return ""
    word = int.from_bytes(telegram.payload[:3], "big")
    return f"A5-{word >> 18:02X}-{word >> 11 & 0x7F:02X}"


def maker(telegram: Telegram) -> int:
    """The maker's number in a 4BS teach-in that names its profile."""
    return int.from_bytes(telegram.payload[:3], "big") & 0x7FF


def introduction(telegram: Telegram, listed: str) -> str:
    """What a person should know of a device that introduced itself and is ``listed`` with this profile (or none)."""
    named = named_profile(telegram)
    if named and listed == named:
        return f"introduced itself as {named}, as listed"
    if named and listed:
        return f"introduced itself as {named}, but is listed as {listed}"
    if named:
        line = f'"{telegram.source:08x}" = "{named}"'
        return f"introduced itself as {named}, maker {maker(telegram):03X}; to hear it, put {line} into `devices`"
    return "introduced itself without a profile" + (f", listed as {listed}" if listed else "")
