"""Tells a new message from one heard again.

A sender repeats each advertisement several times, and BlueZ hands the old service data over again whenever only the
signal strength changed (research/edge.md section 7.4). The packet id says what is new; messages without one count as
the same while they stay the same within a window.

Responsible for remembering the last message of each sender. Refuses to decode.
"""

from __future__ import annotations

from typing import Final

import msgspec

WINDOW_MS: Final = 5_000
MOST_SENDERS: Final = 2_000


class Last(msgspec.Struct, frozen=True):
    """The last new message of a sender."""

    packet_id: int | None
    content: bytes
    at_ms: int


class Repeats:
    """What each sender said last; of senders beyond ``most`` the one silent for longest is forgotten.

    A sender is a device, or a part of it that speaks for itself. Within ``window_ms`` the same content without packet
    id is the same message.
    """

    def __init__(self, window_ms: int = WINDOW_MS, most: int = MOST_SENDERS) -> None:
        self._window_ms = window_ms
        self._most = most
        self._last: dict[str, Last] = {}

    def is_new(self, sender: str, packet_id: int | None, content: bytes, now_ms: int) -> bool:
        """Whether this is a message not heard before; if so it is remembered."""
        message = Last(packet_id, content, now_ms)
        last = self._last.pop(sender, None)
        new = last is None or self._differ(last, message)
        self._last[sender] = message if last is None or new else last
        if len(self._last) > self._most:
            del self._last[next(iter(self._last))]
        return new

    def _differ(self, last: Last, message: Last) -> bool:
        if message.packet_id is not None and last.packet_id is not None:
            return message.packet_id != last.packet_id
        # The clock may have been set back since: then the message is taken for new.
        within = 0 <= message.at_ms - last.at_ms < self._window_ms
        return message.content != last.content or not within
