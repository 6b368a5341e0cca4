"""People who book booths by phone while everything breaks, and remember what they were promised.

Each asks under a key of its own and asks again until there is an answer, as a phone does; so at the end every wish is
either granted or refused, and nobody is left in doubt.

Responsible for asking over HTTP and for remembering. Refuses to judge (see ``promises``).
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from shigotoba_testing.product import SITE, Demo

PEOPLE: Final = 3
PAUSE_S: Final = 0.4
AGAIN_S: Final = 1.0
GIVES_UP_AFTER_S: Final = 300.0
PURPOSE: Final = "fault suite"
OPEN_FROM_UTC: Final = timedelta(hours=0)
"""Nine in the morning in Japan."""

SLOTS: Final = 32
"""Quarters of an hour until five."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A booking that was answered with 201, as the answer told it."""

    booking_id: str
    booth: str
    start: str
    end: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What HTTP said."""

    status: int
    said: dict[str, Any]


class Bookers:
    """Some people, each in a thread of its own, who all want the same few booths on the same few days."""

    def __init__(self, demo: Demo, seed: int) -> None:
        self._demo, self._seed = demo, seed
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._live, args=(number,)) for number in range(PEOPLE)]
        self.promises: dict[str, Promise] = {}
        self.unanswered = 0
        self.refused = 0

    def start(self) -> None:
        """Begin to book."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask nothing new; what has been asked is asked until it is answered."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _live(self, number: int) -> None:
        chance = random.Random(f"{self._seed} {number}")
        phones = tomllib.loads((self._demo.home / "settings" / "sim.toml").read_text(encoding="utf-8"))["phones"]
        tokens = json.loads(Path(phones["tokens"]).read_text(encoding="utf-8"))
        asked = 0
        while not self._stopping.wait(PAUSE_S):
            asked += 1
            phone = _Phone(phones["address"], tokens[chance.choice(sorted(tokens))])
            self._book(phone, chance, f"faults-{self._seed}-{number}-{asked}")

    def _book(self, phone: _Phone, chance: random.Random, key: str) -> None:
        begins = _opening_of_a_coming_day(chance) + chance.randrange(SLOTS) * timedelta(minutes=15)
        ends = begins + timedelta(minutes=chance.choice((15, 30, 60)))
        booth = f"{chance.choice(('3f', '4f'))}-b{chance.randint(1, 4)}"
        wish = {"booth": booth, "start": begins.isoformat(), "end": ends.isoformat(), "purpose": PURPOSE}
        answer = phone.ask("POST", f"/sites/{SITE}/bookings", wish, key)
        if answer is None or answer.status != 201:
            self._note_refusal(answer)
            return
        told = answer.said
        promise = Promise(told["booking_id"], told["booth"], told["start"], told["end"])
        with self._lock:
            self.promises[promise.booking_id] = promise
        if chance.random() < 0.25 and phone.ask("DELETE", f"/bookings/{promise.booking_id}") is not None:
            with self._lock:
                self.promises[promise.booking_id] = replace(promise, cancelled=True)

    def _note_refusal(self, answer: Answer | None) -> None:
        with self._lock:
            self.unanswered += answer is None
            self.refused += answer is not None


class _Phone:
    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = urlsplit(address), token

    def ask(self, method: str, path: str, body: dict[str, str] | None = None, key: str = "") -> Answer | None:
        """Ask until there is an answer that is not of a server in trouble; None after a very long time without."""
        gives_up_s = time.monotonic() + GIVES_UP_AFTER_S
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        content = None if body is None else json.dumps(body)
        while time.monotonic() < gives_up_s:
            answer = self._ask_once(method, f"/api/v1{path}", content, headers)
            if answer is not None and answer.status < 500 and answer.status != 429:
                return answer
            time.sleep(AGAIN_S)
        return None

    def _ask_once(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> Answer | None:
        assert self._address.hostname is not None
        line = http.client.HTTPConnection(self._address.hostname, self._address.port, timeout=20)
        try:
            line.request(method, path, content, headers)
            answer = line.getresponse()
            return Answer(answer.status, json.loads(answer.read()))
        except (OSError, http.client.HTTPException, ValueError):
            # Cut off before or within the answer: what became of the wish is learnt by asking again.
            return None
        finally:
            line.close()


def _opening_of_a_coming_day(chance: random.Random) -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=chance.randint(2, 6)) + OPEN_FROM_UTC
