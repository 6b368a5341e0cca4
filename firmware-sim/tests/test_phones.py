"""Phones of the building's people against a small product that notes what it is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from shigotoba_sim.clock import HOUR_MS, SECOND_MS
from shigotoba_sim.faces.phones import Phones
from shigotoba_sim.people.staff import staff
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.diary import Deed, Diary, deeds_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.settings import Phones as PhoneSettings
from shigotoba_sim.truth.log import read_table
from shigotoba_sim.truth.said import Said

Wait = Callable[[Callable[[], bool]], Awaitable[None]]


@dataclass
class Desk:
    """A product: what it was asked, and the booths it does not give."""

    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    taken: set[str] = field(default_factory=set[str])
    offers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    address: str = ""

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append((method, path, token))
        if method == "GET":
            return 200, self.offers if path.endswith("/bookings") else {"free": []}
        if path.endswith("/waitlist"):
            self.offers.append(body | {"booking_id": "offered"})
            return 201, {"entry_id": "waiting"}
        if body.get("booth") in self.taken:
            return 409, {"code": "taken"}
        return (201, {"booking_id": f"b-{body['booth']}-{body['start']}"}) if "booth" in body else (200, {})


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            status, content = desk.answer(self.command, self.path, self.headers["Authorization"], body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        desk.address = f"http://127.0.0.1:{server.server_port}"
        yield desk
        server.shutdown()
        serving.join()


class Hurried:
    """A clock that is ``step_ms`` further each time it is asked."""

    def __init__(self, at_ms: int, step_ms: int) -> None:
        self.at_ms, self.step_ms = at_ms, step_ms

    def __call__(self) -> int:
        self.at_ms += self.step_ms
        return self.at_ms


def deeds_in(plan: Plan, start_ms: int, end_ms: int) -> list[Deed]:
    return list(Diary(plan).between(start_ms, end_ms))


class Page(Diary):
    """A diary with only some deeds in it."""

    def __init__(self, deeds: list[Deed]) -> None:
        self._deeds = deeds
        self.since_ms = deeds[0].at_ms

    def between(self, start_ms: int, end_ms: int) -> Iterator[Deed]:
        return (deed for deed in self._deeds if start_ms <= deed.at_ms < end_ms)


async def played(
    plan: Plan, desk: Desk, folder: Path, start_ms: int, until: int, eventually: Wait, diary: Diary | None = None
) -> list[dict[str, Any]]:
    """The answers once ``until`` requests have come, a minute passing at each look at the clock."""
    tokens = folder / "tokens"
    tokens.write_text(json.dumps({f"staff-{number:03d}": f"secret-{number}" for number in range(1, 56)}))
    said = Said(folder / "truth")
    clock = Hurried(start_ms - 60 * SECOND_MS, 60 * SECOND_MS)
    phones = Phones(PhoneSettings(desk.address, tokens), "honcho", plan.inputs.roll, diary or Diary(plan), said, clock)
    running = asyncio.create_task(phones.run())
    await eventually(lambda: len(desk.asked) >= until or running.done())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    said.write()
    return read_table(folder / "truth", "answers").collect().to_dicts()


async def test_people_ask_the_product_as_themselves_at_the_times_of_the_diary(
    plan: Plan, desk: Desk, tmp_path: Path, eventually: Wait
) -> None:
    start_ms = plan.inputs.lively_ms
    wanted = deeds_in(plan, start_ms, start_ms + HOUR_MS)
    assert {deed.did for deed in wanted} >= {"book", "check_in"}
    answers = await played(plan, desk, tmp_path, start_ms, 6, eventually)
    assert [answer["did"] for answer in answers[:4]] == [deed.did for deed in wanted[:4]]
    assert {answer["status"] for answer in answers} <= {200, 201}
    people = len(staff(plan.inputs.roll))
    assert desk.asked[0][2] == f"Bearer secret-{wanted[0].about.person % people + 1}"


async def test_who_waited_takes_the_offer_and_who_found_nothing_gives_up(
    plan: Plan,
    desk: Desk,
    tmp_path_factory: pytest.TempPathFactory,
    eventually: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shigotoba_sim.faces.phones.LOOK_S", 0.02)
    day = deeds_in(plan, plan.inputs.lively_ms, plan.inputs.lively_ms + 24 * HOUR_MS)
    for did, told in (("accept", ["wait", "accept"]), ("look", ["look", "wait", "give_up"])):
        about = next(deed.about for deed in day if deed.did == did)
        page, desk.asked[:] = Page([deed for deed in deeds_of(about) if deed.did in told]), []
        enough = len(told) + (did == "accept")
        folder = tmp_path_factory.mktemp(did)
        answers = await played(plan, desk, folder, page.since_ms, enough, eventually, page)
        assert [answer["did"] for answer in answers] == told[: len(answers)]
        assert {(answer["code"], answer["start"].timestamp() * 1000) for answer in answers} == {("", about.start_ms)}
        assert len(desk.asked) >= enough


async def test_a_refusal_is_kept_and_whoever_was_refused_asks_for_nothing_more(
    plan: Plan, desk: Desk, tmp_path: Path, eventually: Wait
) -> None:
    start_ms = plan.inputs.lively_ms
    desk.taken = {booth.space for booth in plan.inputs.place.booths}
    answers = await played(plan, desk, tmp_path, start_ms, 5, eventually)
    booked = [answer for answer in answers if answer["did"] == "book"]
    others = [answer for answer in answers if answer["did"] != "book"]
    names = [{(one["space"], one["start"], one["person"]) for one in some} for some in (booked, others)]
    assert {answer["code"] for answer in booked} == {"taken"}
    assert not names[0] & names[1]


async def test_after_a_restart_a_booking_is_found_again_by_asking_with_its_key(
    plan: Plan, desk: Desk, tmp_path: Path, eventually: Wait
) -> None:
    day = deeds_in(plan, plan.inputs.lively_ms, plan.inputs.lively_ms + 6 * HOUR_MS)
    booked = [deed for deed in day if deed.did == "check_in" and deed.about.waited_ms is None]
    came = next(deed for deed in booked if deed.at_ms - deed.about.made_ms > 10 * 60 * SECOND_MS)
    await played(plan, desk, tmp_path, came.at_ms - 90 * SECOND_MS, 2, eventually)
    assert [(method, path.rpartition("/")[2]) for method, path, _ in desk.asked[:2]] == [
        ("POST", "bookings"),
        ("POST", "check-in"),
    ]


async def test_a_product_that_is_down_is_an_answer_too(
    plan: Plan, tmp_path: Path, eventually: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shigotoba_sim.faces.phones.AGAIN_S", 0.0)
    said = Said(tmp_path / "truth")
    (tmp_path / "tokens").write_text("{}")
    settings = PhoneSettings("http://127.0.0.1:1", tmp_path / "tokens")
    clock = Hurried(plan.inputs.lively_ms, 10 * 60 * SECOND_MS)
    phones = Phones(settings, "honcho", plan.inputs.roll, Diary(plan), said, clock)
    running = asyncio.create_task(phones.run())

    def told() -> bool:
        said.write()
        return read_table(tmp_path / "truth", "answers").collect().height > 0

    await eventually(told)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert read_table(tmp_path / "truth", "answers").collect()["code"].unique().to_list() == ["no_answer"]


def test_what_happens_at_the_button_is_not_done_by_phone() -> None:
    at_button = Booking("3f-b1", 1, 0, 900_000, 1_800_000, 905_000, "button", 1_700_000, "button", 1_700_000)
    assert [deed.did for deed in deeds_of(at_button)] == ["book"]
