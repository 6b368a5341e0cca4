"""Whatever resembles what is expected ends somewhere: taken, refused in words, quarantined. Never a fault of ours."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

import openpyxl
import psycopg
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.sheets import read_sheet
from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.phone.app import PAGES
from shigotoba_backend.site.description import SiteFile, SiteFileError, read_site_file
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.resembling import NOW_MS, resembling
from shigotoba_testing.web import Doors
from shigotoba_wire.booths import BoothEvents
from shigotoba_wire.health import GatewayHealth
from shigotoba_wire.topics import EVENTS, HEALTH, upstream

CHANNEL = upstream("honcho", "gw-1")
TEMPLATES = Path(__file__).parents[1] / "src/shigotoba_backend/phone/templates"
FIELDS = sorted(
    {name for path in TEMPLATES.glob("*.html") for name in re.findall(r'name="(\w+)"', path.read_text("utf-8"))}
)
FORM_VALUES = st.sampled_from(
    ["", "\0", "1", "-1", "99999999999999999999", "3f-b1", "honcho", "2026-11-21", "2026-11-21T10:00", "10:00", "on",
     "席" * 400, "/", "//evil.example", "9999-12-31", "0001-01-01", "25:61", "<b>", "1e9"]
)  # fmt: skip
ENDLESS = "/events"
"""A stream goes on until it is left."""

ENOUGH = settings(max_examples=15, suppress_health_check=list(HealthCheck))


class Message(NamedTuple):
    topic: str
    payload: bytes


@pytest.mark.integration
@ENOUGH
@given(
    payloads=st.lists(
        st.tuples(st.just(HEALTH), resembling(GatewayHealth)) | st.tuples(st.just(EVENTS), resembling(BoothEvents)),
        max_size=4,
    )
)
def test_what_resembles_a_message_is_stored_or_quarantined(
    conn: psycopg.Connection, small_site: SiteFile, payloads: list[tuple[str, bytes]]
) -> None:
    arrivals = [Message(CHANNEL.up(kind), payload) for kind, payload in payloads]
    store_or_isolate(conn, Catalogue(conn), arrivals, NOW_MS)
    assert conn.execute("SELECT 1").fetchone() == (1,)


@ENOUGH
@given(payload=resembling(SiteFile))
def test_what_resembles_a_site_file_is_one_or_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, payload: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "resembling.json"
    path.write_bytes(payload)
    with suppress(SiteFileError):
        assert read_site_file(path).site.code


@pytest.mark.integration
@ENOUGH
@given(payload=resembling(SiteFile))
def test_a_site_file_that_can_be_read_is_imported_or_refused_in_words(
    conn: psycopg.Connection, tmp_path_factory: pytest.TempPathFactory, payload: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "imported.json"
    path.write_bytes(payload)
    with suppress(SiteFileError):
        import_site(conn, read_site_file(path))


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (("年月", "購入枚数（枚）"), ("R4.4", "約4百万枚"), ("R4.5", 3_950_000)):
        book.worksheets[0].append(row)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def spoilt(whole: bytes, rng: Random) -> bytes:
    """The workbook with a few bytes of one of its parts changed, packed again so that the check sums are right."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as given, zipfile.ZipFile(into, "w") as packed:
        chosen = rng.choice(given.namelist())
        for name in given.namelist():
            content = bytearray(given.read(name))
            for _ in range(rng.randrange(1, 4) if name == chosen else 0):
                content[rng.randrange(len(content))] = rng.choice((0, 34, 47, 60, 62, 255, rng.randrange(256)))
            if name != chosen or rng.random() > 0.1:
                packed.writestr(name, bytes(content))
    return into.getvalue()


def test_a_spoilt_workbook_is_a_sheet_or_a_complaint() -> None:
    rng, whole = Random(7), workbook()
    read = 0
    for _ in range(50):
        with suppress(ComplaintError):
            read += bool(read_sheet(spoilt(whole, rng)).rows)
    assert read > 4, "most of what was spoilt was never looked into"


@pytest.mark.integration
def test_no_form_of_the_phone_app_is_answered_with_a_fault_of_ours(web: Doors, small_site: SiteFile) -> None:
    client = web.browser("sato", Role.STAFF, Role.FACILITY, home_site="honcho")
    routes = {
        (method, route.path)
        for page in PAGES
        for route in page.routes
        if isinstance(route, APIRoute) and not route.path.endswith(ENDLESS)
        for method in route.methods & {"GET", "POST"}
    }
    assert len(routes) > 30
    faults: dict[str, str] = {}
    for method, template in sorted(routes):
        ask_oddly(client, method, template, faults)
    assert faults == {}


def ask_oddly(client: TestClient, method: str, template: str, faults: dict[str, str]) -> None:
    """A few odd requests to one address; what is answered as our fault is put into ``faults``."""

    @settings(max_examples=2, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(form=st.dictionaries(st.sampled_from(FIELDS), FORM_VALUES, max_size=8), part=FORM_VALUES)
    def ask(form: dict[str, str], part: str) -> None:
        address = re.sub(r"\{[^}]+\}", re.sub(r"[\0/<>]", "", part) or "1", template)
        told = {"params": form} if method == "GET" else {"data": form}
        if client.request(method, address, **told).status_code >= 500:
            faults[f"{method} {address}"] = repr(form)

    ask()
