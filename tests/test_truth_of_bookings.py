"""What people of a simulated building booked, changed, waited for and left, lived again by the booking engine.

Every booking has to be accepted, and the product's figures have to be those of the truth, to the second.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest

from shigotoba_backend.accounts.demo_staff import make_staff
from shigotoba_backend.bookings.past import read_lines, take_over
from shigotoba_backend.read.figures import figures
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_sim.accounts import accounts_of
from shigotoba_sim.building import building, site_file
from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.compare.bookings import Bookings
from shigotoba_sim.compare.product import Product
from shigotoba_sim.history.bookings import past_bookings
from shigotoba_sim.people.office import office_rows
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline

pytestmark = [pytest.mark.integration, pytest.mark.promise]

FIRST, END = date(2026, 10, 26), date(2026, 11, 7)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def plan() -> Plan:
    """Two weeks of a building in office hours."""
    return Plan(PlanInputs(7, building(7, "honcho", "gw-1"), FIRST, midnight_ms(END)))


@pytest.fixture
def conn(database: str, plan: Plan, tmp_path: Path) -> psycopg.Connection:
    """A product that knows the building and has an account for everybody on its roll."""
    conn = psycopg.connect(database, autocommit=True)
    described = site_file(plan.inputs.place, FIRST) | office_rows(plan.inputs.roll.departments, FIRST, END)
    import_site(conn, msgspec.convert(described, SiteFile))
    staff = tmp_path / "staff.json"
    staff.write_bytes(msgspec.json.encode(accounts_of(plan.inputs.roll)))
    make_staff(conn, "honcho", staff, tmp_path / "tokens.json", NOW)
    return conn


def test_every_booking_of_the_past_is_accepted_and_amounts_to_what_it_did(conn: psycopg.Connection, plan: Plan) -> None:
    with conn:
        taken = take_over(conn, "honcho", "simulator", read_lines(past_bookings(plan), NOW))
        answer = figures(conn, "honcho", FIRST, END - timedelta(days=1))
    bookings = list(plan.bookings(midnight_ms(FIRST), midnight_ms(END)))
    assert Counter(change.did for one in bookings for change in one.changes).keys() == {"move", "extend"}
    assert any(one.waited_ms for one in bookings)
    assert taken.refused == []
    assert taken.bookings == len(bookings)
    compared = Bookings(Timeline(plan), msgspec.convert(msgspec.to_builtins(answer), Product), frozenset())
    lines, day = [], FIRST
    while day < END:
        lines += compared.day(day)
        day = next_day(day)
    assert Counter(line.verdict for line in [*lines, *compared.totals()]).keys() == {"equal"}
