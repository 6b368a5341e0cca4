"""Publishes prepared messages as fast as a broker takes them, at next to no cost of its own.

A gateway has a processor of its own; here it would share ours with what is to be measured. So the packets are built
beforehand (MQTT 3.1.1 section 3.3, QoS 1) and go straight into a socket; what the broker answers is read and dropped,
for the receipts tell what was stored.

Responsible for sending and for hearing receipts. Refuses to repeat anything.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.receipts import decode_receipt
from shigotoba_wire.settings import Broker

_CONNECT, _PUBLISH_QOS1 = 0x10, 0x32
_HAS_USER_AND_PASSWORD_CLEAN = 0xC2
_CONNACK_BYTES = 4


class Publisher:
    """One connection without manners."""

    def __init__(self, broker: Broker) -> None:
        self._socket = socket.create_connection((broker.host, broker.port))
        password = Path(broker.password_file or "").read_text(encoding="utf-8").split("\n", 1)[0]
        head = _text("MQTT") + bytes([4, _HAS_USER_AND_PASSWORD_CLEAN, 0, 0])
        self._socket.sendall(_packet(_CONNECT, head + _text("bench-raw") + _text(broker.username) + _text(password)))
        if self._socket.recv(_CONNACK_BYTES)[3:] != b"\0":
            raise ConnectionError("the broker refuses the publisher")
        threading.Thread(target=self._drain, daemon=True).start()

    def send(self, packets: Iterable[bytes]) -> None:
        """Hands over packets made with ``publish_packets``."""
        for packet in packets:
            self._socket.sendall(packet)

    def close(self) -> None:
        """Hangs up."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _drain(self) -> None:
        while self._socket.fileno() >= 0 and self._socket.recv(65536):
            pass


class Receipts:
    """Counts the readings that receipts cover."""

    def __init__(self, broker: Broker) -> None:
        self._counts: dict[str, int] = {}
        self._news = threading.Condition()
        self._link = Link(broker, Session("bench-receipts", ("shigotoba/v1/+/+/+/down/receipts",)), self._hear)
        self._link.start()

    def wait_for(self, epoch: str, readings: int, within_s: float = 600.0) -> float:
        """Waits until so many readings of the epoch have been receipted; when that was, monotonic seconds."""
        with self._news:
            if not self._news.wait_for(lambda: self._counts.get(epoch, 0) >= readings, within_s):
                raise TimeoutError(f"{self._counts.get(epoch, 0)} of {readings} readings receipted in {within_s:g} s")
            return time.perf_counter()

    def stop(self) -> None:
        """Hangs up."""
        self._link.stop()

    def _hear(self, delivery: Delivery) -> None:
        receipt = decode_receipt(delivery.payload)
        with self._news:
            stored = sum(span.count for span in receipt.stored)
            self._counts[receipt.epoch] = self._counts.get(receipt.epoch, 0) + stored
            self._news.notify_all()


def publish_packets(messages: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """A PUBLISH for each topic and payload."""
    return [
        _packet(_PUBLISH_QOS1, _text(topic) + (1 + number % 65535).to_bytes(2, "big") + payload)
        for number, (topic, payload) in enumerate(messages)
    ]


def _packet(kind: int, body: bytes) -> bytes:
    length, encoded = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        encoded += bytes([digit | 0x80 if length else digit])
        if not length:
            return bytes([kind]) + encoded + body


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()
