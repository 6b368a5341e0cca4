"""Somebody who keeps the gateway's batches and sends them again, twice and out of order.

Responsible for listening and repeating. Refuses to change a byte.
"""

from __future__ import annotations

import random
import threading
import tomllib
from collections import deque
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as mqtt

from shigotoba_testing.product import Demo
from shigotoba_wire.topics import READINGS

KEPT: Final = 200
"""Batches; enough that a repeat reaches behind many a restart."""


class Repeater:
    """Listens with the ingest's account and repeats with the gateway's, under client ids of its own."""

    def __init__(self, demo: Demo, seed: int) -> None:
        self._demo, self._chance = demo, random.Random(seed)
        self._heard = deque[tuple[str, bytes]](maxlen=KEPT)
        self._listener: mqtt.Client | None = None

    def start(self) -> None:
        """Listen, and go on listening whatever becomes of the broker."""
        self._listener = self._client("faults-ear", "backend", "broker")
        self._listener.on_connect = lambda client, *_: client.subscribe(f"shigotoba/v1/+/+/+/up/{READINGS}")
        self._listener.on_message = lambda _client, _data, message: self._heard.append((message.topic, message.payload))
        self._listener.connect_async("127.0.0.1", self._settings("backend", "broker")["port"])
        self._listener.loop_start()

    def stop(self) -> None:
        """Stop listening, if it ever began."""
        if self._listener is not None:
            self._listener.disconnect()
            self._listener.loop_stop()

    def repeat(self) -> None:
        """Everything kept, twice, in any order; a broker that is away is not repeated to."""
        again = [*self._heard, *self._heard]
        self._chance.shuffle(again)
        own = [each for each in again if each[0].split("/")[4] == self._settings("gateway")["gateway"]]
        voice = self._client("faults-voice", "gateway", "upstream")
        there = threading.Event()
        voice.on_connect = lambda *_: there.set()
        voice.connect_async("127.0.0.1", self._settings("backend", "broker")["port"])
        voice.loop_start()
        if there.wait(5):
            sent = [voice.publish(topic, payload, qos=1) for topic, payload in own]
            for each in sent[-1:]:
                each.wait_for_publish(10)
        voice.disconnect()
        voice.loop_stop()

    def _client(self, client_id: str, room: str, broker: str) -> mqtt.Client:
        settings = self._settings(room, broker)
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv311)
        client.username_pw_set(
            settings["username"], Path(settings["password_file"]).read_text(encoding="utf-8").strip()
        )
        return client

    def _settings(self, room: str, part: str | None = None) -> dict[str, Any]:
        whole = tomllib.loads((self._demo.home / "settings" / f"{room}.toml").read_text(encoding="utf-8"))
        return whole if part is None else whole[part]
