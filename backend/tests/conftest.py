"""A migrated database, and a small site in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.site.description import Device, Floor, Site, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.upkeep.layout import Layout, layout_of, offers_of
from shigotoba_testing.booths import office, people
from shigotoba_testing.web import Doors


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection]:
    """A connection in autocommit mode to a fresh database with the whole schema."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def native(conn: psycopg.Connection) -> psycopg.Connection:
    """``conn``, if PostgreSQL itself partitions the readings."""
    if layout_of(conn) is Layout.TIMESCALE:
        pytest.skip("TimescaleDB makes its chunks by itself")
    return conn


@pytest.fixture
def timescale(conn: psycopg.Connection) -> psycopg.Connection:
    """``conn``, if TimescaleDB is there and in use."""
    _demand(conn, Layout.TIMESCALE)
    return conn


@pytest.fixture(params=[Layout.TIMESCALE, Layout.CITUS], ids=lambda layout: layout.value)
def offered(request: pytest.FixtureRequest, conn: psycopg.Connection) -> Layout:
    """Each layout that needs an extension, if ``conn``'s server has it."""
    _demand(conn, request.param)
    return request.param


def _demand(conn: psycopg.Connection, layout: Layout) -> None:
    obstacle = offers_of(conn)[layout].obstacle
    if obstacle:
        pytest.skip(f"{obstacle}; SHIGOTOBA_TEST_SERVER may name a server that has it")


@pytest.fixture
def site_file() -> SiteFile:
    """Site ``honcho``: a floor, two seats with a sensor each, a booth with a button, a printer."""
    return SiteFile(
        site=Site("honcho", "本庁舎", "Main building", "Asia/Tokyo"),
        floors=[Floor("3f", "3階", "3rd floor", 3)],
        spaces=[
            Space("3f-s01", "3f", "seat", "focus", "席1", 1, 1.0, 2.0),
            Space("3f-s02", "3f", "seat", "window", "席2", 1, 2.0, 2.0),
            Space("3f-b1", "3f", "booth", None, "ブース1", 1, 5.0, 2.0),
            Space("3f-p1", "3f", "equipment", None, "複合機1", 0, 9.0, 2.0),
        ],
        devices=[
            Device("ble-5448e68f80a5", "seat_sensor", "3f-s01", 60.0),
            Device("ble-5448e68f80a6", "seat_sensor", "3f-s02", 60.0),
            Device("enocean-fe001122", "booth_button", "3f-b1", 86_400.0),
            Device("mfp-X001", "mfp", "3f-p1", 60.0),
        ],
        assigned_from=datetime(2026, 10, 1, tzinfo=UTC),
    )


@pytest.fixture
def small_site(conn: psycopg.Connection, site_file: SiteFile) -> SiteFile:
    """``site_file``, imported."""
    import_site(conn, site_file)
    return site_file


@pytest.fixture
def web(conn: psycopg.Connection) -> Iterator[Doors]:
    """The HTTP application over ``conn``'s database."""
    doors = Doors(conn)
    yield doors
    doors.close()


@pytest.fixture
def somebody(conn: psycopg.Connection) -> list[Asker]:
    """Four people of an office with four booths, see ``shigotoba_testing.booths``."""
    office(conn)
    return [Asker(person_id) for person_id in people(conn, 4)]
