"""The ways a message or a file of ours can be wrong.

One base class, one class per situation; programs branch on ``reason``, people read ``str(error)``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final


class WireError(Exception):
    """Something on the wire is not as agreed."""


class Refusal(enum.Enum):
    """Why a payload or a reading was not accepted; stored in the quarantine table as ``reason``."""

    TOO_LONG = "too_long"
    NOT_UTF8 = "not_utf8"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    BAD_NAME = "bad_name"
    BAD_VALUE = "bad_value"
    BAD_TIME = "bad_time"
    BAD_SEQUENCE = "bad_sequence"
    BAD_TOPIC = "bad_topic"
    WRONG_SENDER = "wrong_sender"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_POINT = "unknown_point"
    WRONG_TYPE = "wrong_type"
    FUTURE_TIME = "future_time"
    ABSURD_TIME = "absurd_time"


MEANINGS: Final[Mapping[Refusal, str]] = {
    Refusal.TOO_LONG: "The payload is longer than any that is taken.",
    Refusal.NOT_UTF8: "The payload is not UTF-8.",
    Refusal.MALFORMED: "The payload is not what its topic says, or could not be stored.",
    Refusal.UNSUPPORTED: "It is of a version or a kind that is not known here.",
    Refusal.BAD_NAME: "A name has characters that names do not have, or is too long.",
    Refusal.BAD_VALUE: "A value is none that can be stored.",
    Refusal.BAD_TIME: "A time is missing, or is no instant.",
    Refusal.BAD_SEQUENCE: "A sequence number is missing, or out of range.",
    Refusal.BAD_TOPIC: "Nothing is taken on this topic.",
    Refusal.WRONG_SENDER: "It says that it comes from somebody else than its topic says, or from an unknown site.",
    Refusal.UNKNOWN_DEVICE: "No site file names the device. Import one that does, then replay.",
    Refusal.UNKNOWN_POINT: "The point is not in the vocabulary.",
    Refusal.WRONG_TYPE: "The point has another type of value.",
    Refusal.FUTURE_TIME: "It is said to have happened in the future. Mend the sender's clock, then replay.",
    Refusal.ABSURD_TIME: "It is said to have happened longer ago than is believed.",
}
"""For a person."""


class MessageError(WireError):
    """A payload cannot be understood."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class OutboxError(WireError):
    """The outbox file cannot be used; the message says why and what to do."""


class SettingsError(WireError):
    """A settings file is wrong; the message names file, line, key and remedy."""
