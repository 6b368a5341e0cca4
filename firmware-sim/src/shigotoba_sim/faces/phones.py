"""The phones of the building's people: what they do about booths is asked of the product as any app would.

Each person has a token and speaks to ``/api/v1``. The product may refuse: somebody else has the booth, the API is down.
Whoever is refused comes or stays away as planned; what was answered is kept beside the truth.

Responsible for asking and for the answers. Refuses to decide what people do (see ``plan.diary``).
"""

from __future__ import annotations

import asyncio
import http.client
import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from shigotoba_sim.accounts import login_of, read_tokens
from shigotoba_sim.clock import moment_of
from shigotoba_sim.people.staff import Roll
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.diary import Deed, Diary
from shigotoba_sim.settings import Phones as PhoneSettings
from shigotoba_sim.truth.said import Said
from shigotoba_sim.truth.tables import Answer

LOOK_S: Final = 0.5
TRIES: Final = 3
AGAIN_S: Final = 2.0
_TIMEOUT_S: Final = 10.0

log = logging.getLogger(__name__)


class Question(msgspec.Struct, frozen=True):
    """A request: its method, its path below the API, headers and content."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes | None


class Reply(msgspec.Struct, frozen=True):
    """An answer over HTTP: its status, 0 for none at all, and its content."""

    status: int
    content: dict[str, Any]


class Phones:
    """The phones of everybody on ``roll``.

    Args:
        settings: Where the product is, and the tokens.
        site: Code of the site.
        roll: Whose phones.
        diary: What is done with them.
        said: Keeps the answers.
        now_ms: The clock.

    Raises:
        SettingsError: The tokens cannot be read.
    """

    def __init__(
        self, settings: PhoneSettings, site: str, roll: Roll, diary: Diary, said: Said, now_ms: Callable[[], int]
    ) -> None:
        self._address = urlsplit(settings.address)
        self._tokens = read_tokens(settings.tokens)
        self._site, self._roll, self._diary, self._said, self._now_ms = site, roll, diary, said, now_ms
        self._known: dict[tuple[str, int], str] = {}
        self._since_ms = now_ms()

    async def run(self) -> None:
        """Do what the diary says, each at its time, until cancelled."""
        next_ms = self._since_ms
        while True:
            now_ms = self._now_ms() + 1
            for deed in self._diary.between(next_ms, now_ms):
                await self._do(deed)
            next_ms = max(next_ms, now_ms)
            await asyncio.sleep(LOOK_S)

    async def _do(self, deed: Deed) -> None:
        booking = deed.booking
        if deed.did == "book":
            reply = await self._book(booking)
        else:
            reply = await self._about(deed)
        if reply is None:
            return
        code = str(reply.content.get("code", "")) if reply.status != 201 else ""
        log.info("%s: %s by phone, %d %s", booking.space, deed.did, reply.status, code)
        self._said.add(
            Answer(self._now_ms(), booking.person, deed.did, booking.space, booking.start_ms, reply.status, code)
        )

    async def _book(self, booking: Booking) -> Reply:
        wish = {"booth": booking.space, "start": moment_of(booking.start_ms), "end": moment_of(booking.end_ms)}
        reply = await self._ask(booking.person, "POST", f"/sites/{self._site}/bookings", wish, _key(booking))
        if reply.status == 201:
            self._known[booking.space, booking.start_ms] = reply.content["booking_id"]
        return reply

    async def _about(self, deed: Deed) -> Reply | None:
        """Something about a booking that was made; None if it was not, so that there is nothing to ask about."""
        booking = deed.booking
        if booking.made_ms < self._since_ms and (booking.space, booking.start_ms) not in self._known:
            # Made before this process: the same request under the same key is answered with the same booking.
            await self._book(booking)
        name = self._known.get((booking.space, booking.start_ms))
        if name is None:
            return None
        method, rest = {"cancel": ("DELETE", ""), "check_in": ("POST", "/check-in"), "leave": ("POST", "/end")}[
            deed.did
        ]
        return await self._ask(booking.person, method, f"/bookings/{name}{rest}")

    async def _ask(self, person: int, method: str, path: str, body: object = None, key: str = "") -> Reply:
        headers = {"Authorization": f"Bearer {self._tokens.get(login_of(self._roll, person), '')}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        content = None if body is None else msgspec.json.encode(body)
        question = Question(method, f"/api/v1{path}", headers, content)
        for _ in range(TRIES - 1):
            reply = await asyncio.to_thread(_send, self._address, question)
            if reply.status:
                return reply
            await asyncio.sleep(AGAIN_S)
        return await asyncio.to_thread(_send, self._address, question)


def _key(booking: Booking) -> str:
    return f"sim-{booking.space}-{booking.start_ms}"


def _send(address: SplitResult, question: Question) -> Reply:
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    try:
        connection.request(question.method, question.path, question.content, question.headers)
        answer = connection.getresponse()
        return Reply(answer.status, _object(answer.read()))
    except (OSError, http.client.HTTPException):
        return Reply(0, {"code": "no_answer"})
    finally:
        connection.close()


def _object(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}
