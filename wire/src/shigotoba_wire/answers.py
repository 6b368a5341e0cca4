"""Which publication an acknowledgement is about, and on which topics the last one was a refusal.

paho tells the number of a message when it has been sent; the broker's answer to it is handled by another thread and may
come first. No lock may be held around paho's own call: paho holds one of its own while it reports answers.

A broker may end the connection over a refusal, so that the answer is understood only when the next one stands: what
was refused is remembered beyond connections.

Responsible for bringing both together. Refuses to know what was asked and what to do about a refusal.
"""

from __future__ import annotations

import threading

from paho.mqtt.reasoncodes import ReasonCode


class Answers:
    """Numbers and topics of one connection; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[int, str] = {}
        self._early: dict[int, ReasonCode] = {}

    def asked(self, mid: int, topic: str) -> ReasonCode | None:
        """Message ``mid`` went out on ``topic``; its answer, if that has been here already."""
        with self._lock:
            early = self._early.pop(mid, None)
            if early is None:
                self._asked[mid] = topic
            return early

    def answered(self, mid: int, reason: ReasonCode) -> str | None:
        """The broker answered message ``mid``; its topic, unless nobody has told us yet."""
        with self._lock:
            topic = self._asked.pop(mid, None)
            if topic is None:
                self._early[mid] = reason
            return topic


class Denials:
    """Topics on which the broker refused what we published last; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._topics: frozenset[str] = frozenset()

    @property
    def topics(self) -> frozenset[str]:
        """The topics as they are now."""
        return self._topics

    def note(self, topic: str, *, refused: bool) -> bool:
        """The broker answered what was published on ``topic``; whether this is a refusal that was not known."""
        with self._lock:
            news = refused and topic not in self._topics
            self._topics = self._topics | {topic} if refused else self._topics - {topic}
            return news
