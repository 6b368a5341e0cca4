"""Server-sent events: a change at a site's booths is told to whoever watches, without being asked for."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.now import site_number
from shigotoba_backend.bookings.values import Asker
from shigotoba_testing.booths import NINE, office, wish
from shigotoba_testing.waiting import until
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

AT_MOST_S = 300.0
"""A broken product ends the test; it measures no speed."""


class Watcher:
    """Somebody whose program keeps the stream open; a test client would wait for the end of the answer."""

    def __init__(self, doors: Doors, path: str, *headers: tuple[str, str]) -> None:
        self.doors = doors
        self.status = 0
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in (("host", "testserver"), *headers)],
            "server": ("testserver", 80), "client": ("127.0.0.1", 50_000),
        }  # fmt: skip

    async def watch(self) -> None:
        await self.doors.app(self.scope, self._receive, self._send)

    async def hear(self) -> str:
        return await asyncio.wait_for(self.said.get(), AT_MOST_S)

    async def _receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.status = message.get("status", self.status)
        if message.get("body"):
            self.said.put_nowait(message["body"].decode())


async def test_a_booking_is_told_to_programs_and_pages_that_watch_and_to_no_other_site(web: Doors) -> None:
    office(web.conn)
    office(web.conn, site="branch")
    web.at = NINE
    changes = web.app.state.services.changes
    bearer = web.signed_in("kato", home_site="honcho").headers["Authorization"]
    cookie = f"session={web.browser('kato').cookies['session']}"
    watchers = [
        Watcher(web, "/api/v1/sites/honcho/booths/events", ("authorization", bearer)),
        Watcher(web, "/live/honcho", ("cookie", cookie)),
        Watcher(web, "/api/v1/sites/branch/booths/events", ("authorization", bearer)),
    ]
    topic = str(site_number(web.conn, "honcho"))
    # Its first number says that the listener listens; from then on only what happens is counted.
    await asyncio.to_thread(until, lambda: changes.count(topic) == 1)
    tasks = [asyncio.create_task(watcher.watch()) for watcher in watchers]
    assert [await watcher.hear() for watcher in watchers] == ["retry: 3000\n\n"] * 3
    book(web.conn, Asker(web.person("kato")), wish(60, 90), NINE)
    assert [await watcher.hear() for watcher in watchers[:2]] == ["data: 2\n\n"] * 2
    assert changes.count(str(site_number(web.conn, "branch"))) == 1
    await asyncio.to_thread(changes.close)
    await asyncio.gather(*tasks)
    assert [watcher.status for watcher in watchers] == [200] * 3
