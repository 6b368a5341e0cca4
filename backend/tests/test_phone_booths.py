"""Booth first: the map and the list, what a silent or doubting sensor leaves unknown, and room for guests."""

from __future__ import annotations

import re

import pytest

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.closing import close_place
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.record import my_bookings
from shigotoba_backend.bookings.values import Asker, WalkIn
from shigotoba_backend.bookings.waiting import entries
from shigotoba_testing.booths import NINE, minute, office, see, wish
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

SIGN = re.compile(
    r'<p class="name"><a href="([^"]+)">([^<]+)</a></p>.*?<span class="shape" aria-hidden="true">(.)</span> ([^<]+)<',
    re.DOTALL,
)
PLACE = re.compile(r'<a href="([^"]+)" class="place \w+" aria-label="([^"]+)">.*?<text[^>]+>(.)</text>', re.DOTALL)


@pytest.fixture
def doors(web: Doors) -> Doors:
    """Four booths for two on two floors; it is nine."""
    office(web.conn)
    web.at = NINE
    for login in ("sato", "suzuki", "tanaka"):
        web.person(login, Role.STAFF, home_site="honcho")
    return web


def asker(doors: Doors, login: str) -> Asker:
    return Asker(doors.person(login))


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]


def test_the_map_and_the_list_beside_it_say_the_same_of_every_booth(doors: Doors) -> None:
    office(doors.conn, booths=12)
    book(doors.conn, asker(doors, "sato"), wish(0, 60, "3f-b2"), NINE)
    walk_in(doors.conn, asker(doors, "suzuki"), WalkIn("honcho", "3f-b3", 30), NINE)
    book(doors.conn, asker(doors, "tanaka"), wish(4, 60, "3f-b4"), NINE)
    close_place(
        doors.conn, Asker(doors.person("sato"), frozenset({"honcho"})), ("honcho", "3f-b5"), (NINE, None), "故障", NINE
    )
    see(doors.conn, NINE, True)
    page = doors.browser("sato").get("/booths?floor=3f").text
    listed = [(address, f"{name} {word}", shape) for address, name, shape, word in SIGN.findall(page)]
    assert listed == PLACE.findall(page)
    assert [(name.split()[1], shape) for _, name, shape in listed] == [
        ("不明", "?"), ("予約あり", "◇"), ("使用中", "●"), ("短時間のみ空き", "△"), ("利用時間外", "×"), ("空き", "○"),
    ]  # fmt: skip


def test_a_booth_nobody_booked_in_which_somebody_is_seen_is_unknown_on_each_of_its_pages(doors: Doors) -> None:
    see(doors.conn, NINE, True)
    sato = doors.browser("sato")
    for path in ("/booths", "/s/honcho/booths/3f-b1", "/b/honcho/3f-b1"):
        page = sato.get(path).text
        assert '<span class="shape" aria-hidden="true">?</span> 不明' in page, path
        assert "予約はありませんが、センサーが人を検知しています。" in page, path
    assert "今すぐ使う" in sato.get("/b/honcho/3f-b1").text
    sato.post("/language", data={"language": "en", "back": "/"})
    assert "Not booked, but the sensor sees somebody." in sato.get("/booths").text
    # Once it has been silent for long nobody knows; it is free by the book, and the page says why it is not sure.
    doors.at = minute(10)
    page = sato.get("/s/honcho/booths/3f-b1").text
    assert "Its sensor is silent." in page
    assert "Unknown" not in page


def test_what_is_left_of_a_day_begins_now(doors: Doors) -> None:
    doors.at = minute(90)
    book(doors.conn, asker(doors, "sato"), wish(85, 120), minute(85))
    day = doors.browser("sato").get("/s/honcho/booths/3f-b2").text
    assert re.findall(r'<span class="times"><span aria-hidden="true"><time[^>]*>([\d:]+)', day) == ["10:30", "20:00"]
    used = doors.browser("sato").get("/s/honcho/booths/3f-b1").text
    assert re.findall(r'<span class="times"><span aria-hidden="true"><time[^>]*>([\d:]+)', used) == [
        "10:25",
        "11:00",
        "20:00",
    ]


def test_a_booth_is_booked_for_as_many_as_it_has_room_for_and_more_are_refused_in_words(doors: Doors) -> None:
    sato, own = doors.browser("sato"), "/s/honcho/booths/3f-b1"
    page = sato.get(own).text
    assert re.findall(r'<option value="\d"(?: selected)?>(\d人)</option>', page) == ["1人", "2人"]
    choice = {"booth": "3f-b1", "day": "2026-11-24", "start": "14:00", "length": 30, "key": key_on(page)}
    refusal = sato.post("/s/honcho/choose", data=choice | {"people": 3})
    assert refusal.status_code == 422
    assert "定員を超えています。同伴は1人までです。" in refusal.text
    made = sato.post("/s/honcho/choose", data=choice | {"people": 2})
    assert "<p>2人</p>" in sato.get(made.headers["location"]).text
    assert [each.guests for each in my_bookings(doors.conn, doors.person("sato"), NINE)] == [1]


def test_who_comes_with_others_finds_waits_and_is_offered_only_what_has_room(doors: Doors) -> None:
    doors.conn.execute("UPDATE shigotoba.space SET capacity = 1 WHERE code <> '4f-b2'")
    suzuki, asked = doors.browser("suzuki"), "/find?ask=1&day=2026-11-24&start=10:00&length=60"
    assert "4室空いています" in suzuki.get(asked).text
    page = suzuki.get(f"{asked}&people=2").text
    assert "1室空いています" in page
    assert page.count('name="people" value="2"') == 1
    form = {"booth": "3f-b1", "start": minute(60).isoformat(), "length": 60, "key": key_on(page), "people": 2}
    refusal = suzuki.post("/s/honcho/book", data=form)
    assert re.findall(r'name="booth" value="([^"]+)"', refusal.text) == ["4f-b2"]
    assert 'name="people" value="2"' in refusal.text
    assert suzuki.post("/s/honcho/book", data=form | {"booth": "4f-b2"}).status_code == 303
    tanaka = doors.browser("tanaka")
    page = tanaka.get(f"{asked}&people=2").text
    assert "その時間に空いているブースはありません。" in page
    wanted = {"start": minute(60).isoformat(), "length": 60, "people": 2}
    assert tanaka.post("/s/honcho/wait", data=wanted).status_code == 303
    assert [each.guests for each in entries(doors.conn, doors.person("tanaka"))] == [1]


def test_who_lost_a_booking_looks_for_the_same_time_here_and_at_other_sites(doors: Doors) -> None:
    office(doors.conn, site="branch")
    lost = book(doors.conn, asker(doors, "sato"), wish(60, 120, guests=1), NINE)
    everything = ("honcho", None)
    close_place(
        doors.conn, Asker(doors.person("sato"), frozenset({"honcho"})), everything, (minute(30), None), "停電", NINE
    )
    sato = doors.browser("sato")
    page = sato.get(f"/bookings/{lost.booking_id}").text
    found = [address.replace("&amp;", "&") for address in re.findall(r'href="(/find\?[^"]+)"', page)]
    assert ["honcho" in found[0], "branch" in found[1], len(found)] == [True, True, 2]
    assert "その時間に空いているブースはありません。" in sato.get(found[0]).text
    elsewhere = sato.get(found[1]).text
    assert "4室空いています" in elsewhere
    assert 'action="/s/branch/book"' in elsewhere
    assert elsewhere.count('name="people" value="2"') == 4
