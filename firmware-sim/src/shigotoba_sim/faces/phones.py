"""The phones of the building's people: what they do about booths is asked of the product as any app would.

Each person has a token and speaks to ``/api/v1``. The product may refuse: somebody else has the booth, the API is down.
Whoever is refused comes or stays away as planned; what was answered is kept beside the truth.

Responsible for asking and for the answers. Refuses to decide what people do (see ``plan.diary``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from shigotoba_sim.accounts import login_of, read_tokens
from shigotoba_sim.faces.asking import (
    ACCEPTED,
    MINE,
    STARTS,
    Question,
    Reply,
    name_in,
    offer_in,
    question_of,
    refusal_in,
    send,
)
from shigotoba_sim.people.staff import Roll
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.diary import Deed, Diary
from shigotoba_sim.settings import Phones as PhoneSettings
from shigotoba_sim.truth.said import Said
from shigotoba_sim.truth.tables import Answer

LOOK_S: Final = 0.5
TRIES: Final = 3
AGAIN_S: Final = 2.0

log = logging.getLogger(__name__)


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
        self._known: dict[tuple[str, int, int], str] = {}
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
        reply = await self._reply_to(deed)
        if reply is None:
            return
        where, start_ms, person = deed.about.name
        code = refusal_in(deed, reply)
        log.info("%s: %s by phone, %d %s", where, deed.did, reply.status, code)
        self._said.add(Answer(self._now_ms(), person, deed.did, where, start_ms, reply.status, code))

    async def _reply_to(self, deed: Deed) -> Reply | None:
        """The answer; None where there is nothing to ask about, because what it is about was never accepted."""
        about = deed.about
        if deed.did in STARTS:
            return await self._start(deed)
        if deed.did == "accept":
            return await self._accept(deed)
        if isinstance(about, Booking):
            await self._find_again(about)
        name = self._known.get(about.name)
        return None if name is None else await self._ask(question_of(deed, self._site, name), about.person)

    async def _start(self, deed: Deed) -> Reply:
        reply = await self._ask(question_of(deed, self._site), deed.about.person)
        if reply.status in ACCEPTED and (name := name_in(reply)):
            self._known[deed.about.name] = name
        return reply

    async def _accept(self, deed: Deed) -> Reply:
        """Takes the offer, which comes a moment after the booth was given back."""
        mine = Reply(0, {})
        for _ in range(TRIES):
            mine = await self._ask(MINE, deed.about.person)
            if name := offer_in(mine, deed.about.name):
                self._known[deed.about.name] = name
                return await self._ask(question_of(deed, self._site, name), deed.about.person)
            await asyncio.sleep(AGAIN_S)
        return Reply(0, {"code": "no_offer" if mine.status else "no_answer"})

    async def _find_again(self, booking: Booking) -> None:
        """A booking made, or waited for, before this process began."""
        begun_ms = booking.made_ms if booking.waited_ms is None else booking.waited_ms
        if booking.name in self._known or begun_ms >= self._since_ms:
            return
        if booking.waited_ms is None:
            # The same request under the same key is answered with the same booking.
            await self._start(Deed(booking.made_ms, "book", booking))
        elif name := offer_in(await self._ask(MINE, booking.person), booking.name):
            self._known[booking.name] = name

    async def _ask(self, question: Question, person: int) -> Reply:
        token = self._tokens.get(login_of(self._roll, person), "")
        for _ in range(TRIES - 1):
            reply = await asyncio.to_thread(send, self._address, question, token)
            if reply.status:
                return reply
            await asyncio.sleep(AGAIN_S)
        return await asyncio.to_thread(send, self._address, question, token)
