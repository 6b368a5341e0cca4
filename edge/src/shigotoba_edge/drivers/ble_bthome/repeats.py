"""Tells a new message from one heard again.

A sender repeats each advertisement several times, and BlueZ hands the old service data over again whenever only the
signal strength changed (research/edge.md section 7.4). The packet id says what is new; frames without one count as the
same message while they stay the same within ``WINDOW_MS``.

Responsible for remembering the last message of each device. Refuses to decode.
"""

from __future__ import annotations

from typing import Final

import msgspec

WINDOW_MS: Final = 5_000
MOST_DEVICES: Final = 2_000


class Last(msgspec.Struct, frozen=True):
    """The last new message of a device."""

    packet_id: int | None
    service_data: bytes
    at_ms: int


class Repeats:
    """What each device said last; of devices beyond ``most`` the one silent for longest is forgotten."""

    def __init__(self, most: int = MOST_DEVICES) -> None:
        self._most = most
        self._last: dict[str, Last] = {}

    def is_new(self, device: str, packet_id: int | None, service_data: bytes, now_ms: int) -> bool:
        """Whether this is a message not heard before; if so it is remembered."""
        message = Last(packet_id, service_data, now_ms)
        last = self._last.pop(device, None)
        new = last is None or _differ(last, message)
        self._last[device] = message if last is None or new else last
        if len(self._last) > self._most:
            del self._last[next(iter(self._last))]
        return new


def _differ(last: Last, message: Last) -> bool:
    if message.packet_id is not None and last.packet_id is not None:
        return message.packet_id != last.packet_id
    # The clock may have been set back since: then the message is taken for new.
    within = 0 <= message.at_ms - last.at_ms < WINDOW_MS
    return message.service_data != last.service_data or not within
