"""Takes third-party sensors' messages from the local broker and has their readings kept.

These devices have no outbox: what they say while nobody listens is gone, and what the broker had kept for whoever
comes later (retained) is an old word that is not taken for a fresh reading. So the session is not a lasting one either:
a word queued for an hour would get the wrong time.

Responsible for the way from the broker to the spool: a message is acknowledged once its readings are on disk; while the
disk refuses, the newest are held and tried again. Refuses to know what messages mean (see ``understanding``).
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from shigotoba_gateway.thirdparty.mapping import Mapping, read_mappings
from shigotoba_gateway.thirdparty.repeating import Repeating
from shigotoba_gateway.thirdparty.settings import ThirdPartySettings
from shigotoba_gateway.thirdparty.tally import Tally
from shigotoba_gateway.thirdparty.transform import UnfitError
from shigotoba_gateway.thirdparty.understanding import Message, Understood, connected, matching, understand
from shigotoba_wire.connection import Connection, Delivery, Session
from shigotoba_wire.errors import SettingsError, WireError
from shigotoba_wire.health import AgentHealth
from shigotoba_wire.link import Link
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker

log = logging.getLogger(__name__)

MOST_HELD: Final = 5_000
"""Messages held while the disk refuses; then new ones are counted and dropped."""

MOST_TOGETHER: Final = 500
GROUP_S: Final = 0.2
TAKE_WITHIN_S: Final = 0.5
RETRY_AFTER_S: Final = 1.0

Keep = Callable[[Sequence[Reading]], None]
"""Puts readings on disk; durable when it returns, raises sqlite3.Error or WireError when it cannot be done now."""


class ThirdParty:
    """The third-party sensors of a gateway, in a thread and a session of their own.

    Raises:
        SettingsError: A mapping file is wrong.
    """

    def __init__(
        self, settings: ThirdPartySettings, broker: Broker, gateway: str, keep: Keep, now_ms: Callable[[], int]
    ) -> None:
        self._mappings = _all_mappings(settings)
        self._keep = keep
        self._now_ms = now_ms
        self._tally = Tally(dict.fromkeys(mapping.file for mapping in self._mappings), now_ms())
        self._waiting: queue.Queue[tuple[Delivery, int]] = queue.Queue(MOST_HELD)
        self._stopping = threading.Event()
        self._repeating = Repeating()
        self._connection: Connection | None = None
        session = Session(f"{gateway}.thirdparty", tuple(self.filters()), manual_ack=True)
        self._link = Link(broker, session, self._arrived)
        self._thread = threading.Thread(target=self._run, name="third-party")

    def filters(self) -> list[str]:
        """What is subscribed to, each filter once."""
        alive = [mapping.alive.filter for mapping in self._mappings if mapping.alive]
        return list(dict.fromkeys([*(mapping.topic.filter for mapping in self._mappings), *alive]))

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """End; what was acknowledged is on disk."""
        self._link.stop()
        self._stopping.set()
        self._thread.join()

    def health(self) -> AgentHealth:
        """How the sensors are, as if they had an agent."""
        return self._tally.health(self._now_ms(), connected=self._link.connection is not None)

    def _arrived(self, delivery: Delivery) -> None:
        try:
            self._waiting.put_nowait((delivery, self._now_ms()))
        except queue.Full:
            for mapping, _ in matching(self._mappings, delivery.topic):
                self._tally.dropped(mapping.file, "no_room", "the disk has refused readings for too long")

    def _run(self) -> None:
        while not self._stopping.is_set() or not self._waiting.empty():
            self._take_in(self._group())
            self._hold_up()

    def _group(self) -> list[tuple[Delivery, int]]:
        """What comes within a moment, so that many readings are one write on the disk."""
        group: list[tuple[Delivery, int]] = []
        until_s = time.monotonic() + TAKE_WITHIN_S
        while len(group) < MOST_TOGETHER and (left_s := until_s - time.monotonic()) > 0:
            try:
                group.append(self._waiting.get(timeout=left_s))
            except queue.Empty:
                break
            until_s = min(until_s, time.monotonic() + GROUP_S)
        return group

    def _take_in(self, group: Sequence[tuple[Delivery, int]]) -> None:
        readings: list[Reading] = []
        for delivery, at_ms in group:
            self._note_connection(delivery.connection)
            self._note_connected(Message(delivery.topic, delivery.payload, at_ms))
            for mapping, names in matching(self._mappings, delivery.topic):
                readings += self._understood(mapping, names, delivery, at_ms)
        if self._kept(readings):
            for delivery, _ in group:
                delivery.connection.acknowledge(delivery)

    def _note_connection(self, connection: Connection | None) -> None:
        """What was held up over one connection is not known over the next: a change may have passed unheard."""
        if connection is not self._connection:
            self._connection = connection
            self._repeating.forget()

    def _hold_up(self) -> None:
        self._note_connection(self._link.connection)
        again = self._repeating.due(self._now_ms())
        for reading in again:
            self._tally.held_up(reading.device, reading.at_ms)
        self._kept(again)

    def _note_connected(self, message: Message) -> None:
        for mapping in self._mappings:
            try:
                told = connected(mapping, message)
            except UnfitError as error:
                self._tally.dropped(mapping.file, error.reason, f"{message.topic}: {error}")
                continue
            if told is not None:
                self._repeating.connected(told[0], yes=told[1])

    def _understood(
        self, mapping: Mapping, names: dict[str, str], delivery: Delivery, at_ms: int
    ) -> tuple[Reading, ...]:
        if delivery.retained:
            self._tally.dropped(mapping.file, "retained")
            return ()
        try:
            said: Understood | None = understand(mapping, names, Message(delivery.topic, delivery.payload, at_ms))
        except UnfitError as error:
            self._tally.dropped(mapping.file, error.reason, f"{delivery.topic}: {error}")
            return ()
        if said is None:
            self._tally.dropped(mapping.file, "unlisted")
            return ()
        self._tally.understood(mapping.file, said, at_ms, mapping.table.keep_alive_s)
        if mapping.alive is not None:
            self._repeating.heard(said.readings, mapping.table.keep_alive_s)
        return said.readings

    def _kept(self, readings: Sequence[Reading]) -> bool:
        """Whether the readings are on disk; a disk that refuses is waited for, until the gateway ends."""
        refused = False
        while readings:
            try:
                self._keep(readings)
            except (sqlite3.Error, WireError) as error:
                if not refused:
                    log.warning("readings of third-party sensors cannot be kept (%s); trying again", error)
                refused = True
                if self._stopping.wait(RETRY_AFTER_S):
                    return False
            else:
                return True
        return True


def _all_mappings(settings: ThirdPartySettings) -> tuple[Mapping, ...]:
    by_file = [(path, read_mappings(path)) for path in settings.mappings]
    names = [mappings[0].file for _, mappings in by_file]
    for (path, _), name in zip(by_file, names, strict=True):
        if names.count(name) > 1:
            raise SettingsError(f"{path}: two mapping files have the name {name!r}. Rename one.")
    return tuple(mapping for _, mappings in by_file for mapping in mappings)
