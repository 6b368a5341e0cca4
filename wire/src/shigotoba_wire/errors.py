"""The ways a message or a file of ours can be wrong.

One base class, one class per situation; programs branch on ``reason``, people read ``str(error)``.
"""

from __future__ import annotations

import enum


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


class MessageError(WireError):
    """A payload cannot be understood."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class OutboxError(WireError):
    """The outbox file cannot be used; the message says why and what to do."""


class SettingsError(WireError):
    """A settings file is wrong; the message names file, key and remedy."""
