"""The pages of the phone app that need no browser to be judged."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
import segno

from shigotoba_backend.accounts import links
from shigotoba_backend.accounts.audit import Sought, entries
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.making import walk_in
from shigotoba_backend.bookings.using import end_early
from shigotoba_backend.bookings.values import Asker, WalkIn
from shigotoba_backend.phone import whereabouts_store
from shigotoba_backend.phone.door import door_link
from shigotoba_backend.phone.ratings import hold_survey
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

FRIDAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
EVERYTHING = Sought(frozenset({"honcho"}), whole=True, most=99)


@pytest.fixture
def office(web: Doors, small_site: SiteFile) -> Doors:
    """Half past ten on a Friday; sato and suzuki are staff."""
    web.at = FRIDAY
    for login in ("sato", "suzuki"):
        web.person(login, Role.STAFF, home_site="honcho")
    return web


def test_whoever_is_not_signed_in_is_led_through_the_sign_in_and_back(office: Doors) -> None:
    answer = office.stranger().get("/s/honcho/booths/3f-b1?day=2026-11-21")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back=/s/honcho/booths/3f-b1%3Fday%3D2026-11-21"


def test_whoever_sends_a_form_after_being_signed_out_is_told_that_it_was_lost(office: Doors) -> None:
    stranger = office.stranger()
    answer = stranger.post("/bookings/cancel-days", data={"first": "2026-11-20", "last": "2026-11-20"})
    assert answer.headers["location"] == "/sign-in?back=/&sent=1"
    assert "送信した操作は行われていません" in stranger.get("/sign-in?back=/&sent=1").text
    assert "送信した操作は行われていません" not in stranger.get("/sign-in?back=/").text


def test_a_page_that_reads_itself_again_does_not_keep_a_session_in_use(office: Doors) -> None:
    def used_at() -> object:
        return office.conn.execute("SELECT max(seen_at) FROM shigotoba.session").fetchone()

    sato = office.browser("sato")
    began, office.at = used_at(), office.at + timedelta(minutes=5)
    assert sato.get("/", headers={"Shigotoba-Asked-By": "page"}).status_code == 200
    assert used_at() == began
    assert sato.get("/").status_code == 200
    assert used_at() != began


def test_where_i_am_is_seen_by_whom_i_chose_until_the_day_ends_and_looks_are_logged(office: Doors) -> None:
    sato, suzuki = office.browser("sato"), office.browser("suzuki")
    assert sato.post("/s/honcho/here", data={"space": "3f-s01"}).status_code == 303
    assert "席1" not in suzuki.get("/colleagues").text
    assert sato.post("/colleagues", data={"login": "Suzuki"}).status_code == 303
    assert "席1" in suzuki.get("/colleagues").text
    assert office.browser("sato").get("/colleagues").text.count("席1") == 0
    looks = [entry for entry in entries(office.conn, EVERYTHING) if entry.action == "whereabouts.look"]
    assert {"people": [office.person("sato")]} in [look.after for look in looks]
    office.at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert "席1" not in suzuki.get("/colleagues").text
    assert whereabouts_store.forget_past(office.conn, office.at) == 1


def test_a_vote_is_counted_once_and_nobody_can_tell_whose_it_is(office: Doors) -> None:
    asker = Asker(office.person("sato"))
    booking = walk_in(office.conn, asker, WalkIn("honcho", "3f-b1", 30), office.at)
    office.at += timedelta(minutes=20)
    end_early(office.conn, asker, booking.booking_id, office.at)
    sato = office.browser("sato")
    assert "使い心地" in sato.get(f"/bookings/{booking.booking_id}").text
    for score in (5, 1):
        sato.post(f"/bookings/{booking.booking_id}/rate", data={"score": score})
    assert "使い心地" not in sato.get(f"/bookings/{booking.booking_id}").text
    rated = office.conn.execute("SELECT month::text, score, votes FROM shigotoba.booth_rating").fetchall()
    assert rated == [("2026-11-01", 5, 1)]
    assert office.conn.execute("SELECT * FROM shigotoba.satisfaction_v1").fetchall() == []


def test_the_survey_is_answered_once_and_shown_from_five_answers_on(office: Doors) -> None:
    hold_survey(office.conn, "honcho", 2026, FRIDAY.date(), FRIDAY.date() + timedelta(days=14))
    for number in range(5):
        person = office.browser(f"p{number}")
        found = re.search(r'action="(/survey/\d+)"', person.get("/me").text)
        assert found
        assert office.conn.execute("SELECT * FROM shigotoba.satisfaction_v1").fetchall() == []
        scores = {"satisfied": 4, "environment": 3, "communication": 5}
        assert person.post(found[1], data=scores).status_code == 303
        assert person.post(found[1], data=scores).status_code == 409
    told = office.conn.execute("SELECT question, votes::int, content::int FROM shigotoba.satisfaction_v1 ORDER BY 1")
    assert told.fetchall() == [("communication", 5, 5), ("environment", 5, 0), ("satisfied", 5, 5)]


def test_a_calendar_address_is_shown_once_and_the_former_one_is_worthless(office: Doors) -> None:
    sato = office.browser("sato")
    secrets = []
    for _ in range(2):
        found = re.search(r"/ics/person/([\w-]+)\.ics", sato.post("/me/calendar").text)
        assert found
        secrets.append(found[1])
    assert links.find(office.conn, "person_calendar", secrets[0]) is None
    assert links.find(office.conn, "person_calendar", secrets[1]) == office.person("sato")
    assert secrets[1] not in sato.get("/me").text
    sato.post("/me/calendar/stop")
    assert links.find(office.conn, "person_calendar", secrets[1]) is None


def test_a_delegate_books_for_somebody_else_and_both_see_it(office: Doors) -> None:
    office.browser("sato").post("/me/delegates", data={"login": "suzuki"})
    suzuki = office.browser("suzuki")
    page = suzuki.get("/s/honcho/booths/3f-b1").text
    assert "Sato" in page
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    choice = {"booth": "3f-b1", "day": "2026-11-20", "start": "14:00", "length": 30, "key": key[1]}
    made = suzuki.post("/s/honcho/choose", data={**choice, "owner": office.person("sato")})
    assert made.status_code == 303
    assert "14:00" in office.browser("sato").get("/bookings").text
    assert "14:00" in suzuki.get("/bookings").text


def dark_modules(sheet: pypdf.PageObject) -> set[tuple[int, int]]:
    """The squares on a sheet as modules of a code, from its upper left corner."""
    drawn = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", sheet.get_contents().get_data().decode("latin-1"))
    squares = [[float(each) for each in square] for square in drawn]
    left, top = min(x for x, *_ in squares), max(y for _, y, *_ in squares)
    return {(round((x - left) / width), round((top - y) / height)) for x, y, width, height in squares}


def test_the_sheet_has_a_page_per_booth_with_its_name_and_address(office: Doors) -> None:
    assert office.browser("sato").get("/s/honcho/sheets.pdf").status_code == 403
    answer = office.browser("soumu", Role.FACILITY).get("/s/honcho/sheets.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    text, address = pages[0].extract_text(), "http://testserver/b/honcho/3f-b1"
    assert "ブース1" in text
    assert address in text
    assert dark_modules(pages[0]) == {
        (across, down)
        for down, row in enumerate(segno.make(address, error="m", micro=False).matrix)
        for across, dark in enumerate(row)
        if dark
    }
    assert entries(office.conn, EVERYTHING)[0].action == "sheet.print"


def test_a_door_link_is_replaced_by_the_next_one(office: Doors) -> None:
    first, second = (door_link(office.conn, "honcho", "3f-b1", office.at) for _ in range(2))
    assert office.stranger().get(f"/door/{first}").status_code == 404
    assert "空き" in office.stranger().get(f"/door/{second}").text
    assert door_link(office.conn, "honcho", "3f-s01", office.at) is None


def test_files_are_kept_for_ever_under_an_address_of_their_content(office: Doors) -> None:
    page = office.stranger().get("/sign-in").text
    for address in re.findall(r'"(/static/[^"]+)"', page):
        answer = office.stranger().get(address)
        assert "immutable" in answer.headers["cache-control"]
        assert office.stranger().get(address.replace("/static/", "/static/0")).status_code == 404
    assert office.stranger().get("/static/x/..%2fapp.py").status_code == 404


def test_the_app_can_be_installed(office: Doors) -> None:
    manifest = office.stranger().get("/manifest.webmanifest").json()
    assert (manifest["display"], manifest["start_url"], manifest["lang"]) == ("standalone", "/", "ja")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    worker = office.stranger().get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "@@" not in worker.text


def test_free_seats_are_counted_and_a_silent_sensor_is_unknown_not_free(office: Doors) -> None:
    page = office.browser("sato").get("/seats").text
    assert "2席中0席が空き" in page
    assert "（不明2席）" in page


@pytest.mark.parametrize("path", ["/s/nowhere/booths/3f-b1", "/s/honcho/booths/none", "/b/honcho/none", "/bookings/x"])
def test_what_does_not_exist_is_said_in_words(office: Doors, path: str) -> None:
    answer = office.browser("sato").get(path)
    assert answer.status_code in (404, 422)
    assert "できませんでした" in answer.text


def test_what_is_offered_now_ends_when_its_booking_will(office: Doors) -> None:
    office.at = FRIDAY + timedelta(seconds=20)
    sato = office.browser("sato")
    page = sato.get("/").text
    shown = re.search(r"10時30分から(\S+?)まで", page)
    key = re.search(r'name="key" value="(\w+)"', page)
    assert shown
    assert key
    form = {"booth": "3f-b1", "start": "now", "length": 30, "key": key[1]}
    booked = sato.post("/s/honcho/book", data=form)
    assert f"10時30分から{shown[1]}まで" in sato.get(booked.headers["location"]).text
