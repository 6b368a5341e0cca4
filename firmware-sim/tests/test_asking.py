"""What a phone asks for each deed, and what it reads in the answers."""

from __future__ import annotations

from datetime import date

import pytest

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, midnight_ms
from shigotoba_sim.faces.asking import Reply, name_in, offer_in, question_of, refusal_in
from shigotoba_sim.plan.bookings import Agreed, Booking, Change
from shigotoba_sim.plan.diary import Deed, Did, deeds_of
from shigotoba_sim.plan.wishes import Wish

TEN = midnight_ms(date(2026, 11, 24)) + 10 * HOUR_MS
WAS = Agreed("3f-b2", TEN - HOUR_MS, TEN)
SHORT = Agreed("3f-b1", TEN, TEN + HOUR_MS // 2)
MOVED = Booking(
    "3f-b1", 5, TEN - 5 * HOUR_MS, TEN, TEN + HOUR_MS, TEN - MINUTE_MS, "phone", TEN + 55 * MINUTE_MS, "phone",
    changes=(Change(TEN - 3 * HOUR_MS, "move", WAS), Change(TEN + MINUTE_MS, "extend", SHORT)),
)  # fmt: skip
WAITED = Booking("3f-b1", 5, TEN - HOUR_MS, TEN, TEN + HOUR_MS, waited_ms=TEN - 2 * HOUR_MS)
IN_VAIN = Wish("3f", 5, TEN - HOUR_MS, TEN, TEN + HOUR_MS, TEN - MINUTE_MS)


@pytest.mark.parametrize(
    ("about", "did", "asked"),
    [
        (MOVED, "book", ("POST", "/sites/honcho/bookings", "3f-b2 09:00 10:00")),
        (MOVED, "move", ("PATCH", "/bookings/b", "3f-b1 10:00 10:30")),
        (MOVED, "check_in", ("POST", "/bookings/b/check-in", "")),
        (MOVED, "extend", ("POST", "/bookings/b/extension", "11:00")),
        (MOVED, "leave", ("POST", "/bookings/b/end", "")),
        (WAITED, "wait", ("POST", "/sites/honcho/waitlist", "3f-b1 10:00 11:00")),
        (WAITED, "accept", ("POST", "/bookings/b/acceptance", "")),
        (IN_VAIN, "wait", ("POST", "/sites/honcho/waitlist", "3f 10:00 11:00")),
        (IN_VAIN, "give_up", ("DELETE", "/waitlist/b", "")),
    ],
)
def test_each_deed_is_a_question(about: Booking | Wish, did: Did, asked: tuple[str, str, str]) -> None:
    deed = next(deed for deed in deeds_of(about) if deed.did == did)
    question = question_of(deed, "honcho", "b")
    body = " ".join(value.partition("T")[2][:5] or value for value in (question.body or {}).values())
    assert (question.method, question.path, body) == asked
    assert bool(question.key) == (did == "book")


def test_a_search_names_floor_and_time() -> None:
    question = question_of(next(iter(deeds_of(IN_VAIN))), "honcho")
    assert question.path.startswith("/sites/honcho/booths/free?floor=3f&start=2026-11-24T10%3A00%3A00%2B09%3A00&end=")


def test_an_offer_is_known_by_booth_and_time_among_all_one_has() -> None:
    mine = [
        {"booking_id": "other", "booth": "3f-b2", "start": "2026-11-24T01:00:00Z"},
        {"booking_id": "later", "booth": "3f-b1", "start": "2026-11-24T02:00:00Z"},
        {"booking_id": "it", "booth": "3f-b1", "start": "2026-11-24T01:00:00Z"},
    ]
    assert offer_in(Reply(200, {"all": mine}), WAITED.name) == "it"
    assert offer_in(Reply(200, {"all": mine[:2]}), WAITED.name) == ""
    assert offer_in(Reply(401, {"code": "unknown"}), WAITED.name) == ""


def test_an_answer_has_a_name_a_refusal_or_a_booth_that_should_not_have_been_free() -> None:
    book, look = Deed(0, "book", WAITED), Deed(0, "look", IN_VAIN)
    assert name_in(Reply(201, {"booking_id": "b"})) == "b"
    assert refusal_in(book, Reply(201, {"booking_id": "b"})) == ""
    assert refusal_in(book, Reply(409, {"code": "taken"})) == "taken"
    assert refusal_in(look, Reply(200, {"free": []})) == ""
    assert refusal_in(look, Reply(200, {"free": [{"booth": "3f-b1"}]})) == "found"
