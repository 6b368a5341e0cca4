"""What a person is given as everything that is kept about them."""

from __future__ import annotations

import re
from importlib.resources import files

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.delegates import allow_delegate
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.strikes import give
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.booths import NINE, minute, office, rules, wish
from shigotoba_testing.web import Doors
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration

NOT_GIVEN = {
    "local_password": "a digest of a secret",
    "invitation": "a digest of a secret, for a week",
    "idempotency_key": "a day's memory of requests, whose bookings are given",
    "booking_event": "steps of bookings, which are given",
    "gateway_invitation": "who did it is in the log, which is given",
    "figure_import": "who did it is in the log, which is given",
    "initiative_version": "who did it is in the log, which is given",
    "floor_plan": "who did it is in the log, which is given",
}
POINTS_AT_PEOPLE = """
SELECT DISTINCT relname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE contype = 'f' AND confrelid = 'shigotoba.person'::regclass
"""


def test_every_table_that_knows_people_is_given_or_there_is_a_reason(conn: psycopg.Connection) -> None:
    queries = files("shigotoba_backend.accounts").joinpath("own_data.sql").read_text(encoding="utf-8")
    given = set(re.findall(r"shigotoba\.(\w+)", queries))
    known = {name for (name,) in conn.execute(POINTS_AT_PEOPLE)}
    assert known - given == NOT_GIVEN.keys()


def test_bookings_no_shows_waiting_and_where_i_said_i_am_are_given_and_nobody_elses(web: Doors) -> None:
    office(web.conn)
    rules(web.conn, strikes_most=3)
    web.at = NINE
    sato, suzuki = (Asker(web.person(login, Role.STAFF, home_site="honcho")) for login in ("sato", "suzuki"))
    mine = book(web.conn, sato, wish(0, 60, purpose="面談"), NINE)
    book(web.conn, suzuki, wish(0, 60, "3f-b2", purpose="秘密"), NINE)
    allow_delegate(web.conn, (sato, COMMAND), suzuki.person_id, NINE)
    browser = web.browser("sato")
    assert browser.post("/s/honcho/here", data={"space": "4f-b1"}).status_code == 303
    settle(web.conn, BackendSettings("", Broker("127.0.0.1", 1)), minute(11))
    give(web.conn, mine.booking_id, minute(10))
    answer = web.signed_in("sato").get("/api/v1/me/data")
    told = answer.json()
    [booking], [strike], [delegate], [place] = (
        told[part] for part in ("bookings", "strikes", "delegates", "whereabouts")
    )
    assert (booking["booking_id"], booking["booth"], booking["purpose"]) == (str(mine.booking_id), "3f-b1", "面談")
    assert (strike["booking_id"], strike["state"]) == (str(mine.booking_id), "stands")
    assert (delegate["owner"], delegate["delegate"]) == (sato.person_id, suzuki.person_id)
    assert place["space"] == "4f-b1"
    assert "秘密" not in answer.text
