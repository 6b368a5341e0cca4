"""Why something was refused, and what to do about it, in words.

Responsible for the words behind the codes of ingest. Refuses to look anything up.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from shigotoba_dashboard.words import Words, message


class Reason(NamedTuple):
    """What it means, and the next step."""

    meaning: str
    action: str


_ASK_SUPPORT: Final = message("Tell whoever maintains the gateway; the message is kept and can be replayed.")
_CHECK_CLOCK: Final = message("Check the gateway's clock (status page); replay what was set aside once it is right.")
_REGISTER: Final = message("Enter the device into the site file, or take it out of reach; then replay.")
_UPDATE: Final = message("Bring backend and gateway to the same release; then replay what was set aside.")

_REASONS: Final[dict[str, Reason]] = {
    "too_long": Reason(message("Message too long"), _ASK_SUPPORT),
    "not_utf8": Reason(message("Text is not UTF-8"), _ASK_SUPPORT),
    "malformed": Reason(message("Message cannot be parsed"), _ASK_SUPPORT),
    "unsupported": Reason(message("Version or field not supported"), _UPDATE),
    "bad_name": Reason(message("Name not allowed"), _REGISTER),
    "bad_value": Reason(message("Value not allowed"), _ASK_SUPPORT),
    "bad_time": Reason(message("Time missing or not a number"), _CHECK_CLOCK),
    "bad_sequence": Reason(message("Sequence number not allowed"), _ASK_SUPPORT),
    "bad_topic": Reason(message("Topic not allowed"), _ASK_SUPPORT),
    "wrong_sender": Reason(message("Sender does not match the topic"), _ASK_SUPPORT),
    "unknown_device": Reason(message("Unknown device"), _REGISTER),
    "unknown_point": Reason(message("Unknown measuring point"), _UPDATE),
    "wrong_type": Reason(message("Value of the wrong type"), _ASK_SUPPORT),
    "future_time": Reason(message("Time in the future"), _CHECK_CLOCK),
    "absurd_time": Reason(message("Time far in the past"), _CHECK_CLOCK),
}


def meaning(code: str, words: Words) -> str:
    """What a reason means; its code where we have no words for it."""
    found = _REASONS.get(code)
    return words.say(found.meaning) if found else code


def action(code: str, words: Words) -> str:
    """What to do about it."""
    return words.say(_REASONS.get(code, Reason(code, _ASK_SUPPORT)).action)
