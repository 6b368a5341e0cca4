"""Takes the pictures of docs/phone.md again: the real application in a real Chromium, over a database of its own.

PYTHONPATH=tests/support .venv/bin/python scripts/phone_pictures.py [DIRECTORY]     docs/images/phone if none is named
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from playwright.sync_api import Page
from tour import LANGUAGES, small

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store
from shigotoba_backend.phone.door import door_link
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_dashboard.words import Language
from shigotoba_sim.building import building
from shigotoba_standalone import postgres
from shigotoba_standalone.programs import Running
from shigotoba_testing.desk import chromium
from shigotoba_testing.phone import PhoneOffice, phone_office
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import READINGS, upstream

IMAGES: Final = Path(__file__).resolve().parents[1] / "docs" / "images" / "phone"

PAGES: Final[Mapping[str, str]] = {"booths": "/booths", "find": "/find", "seats": "/seats"}


class Message(NamedTuple):
    """As the broker hands it over."""

    topic: str
    payload: bytes


def take(office: PhoneOffice, directory: Path) -> None:
    """The way of somebody who needs a booth now, page by page, in each language."""
    directory.mkdir(parents=True, exist_ok=True)
    office.book("suzuki", "3f-b2", 0, 60)
    _let_the_sensors_speak(office)
    with chromium() as browser:
        for language, locale in LANGUAGES.items():
            office.person(login := f"reader-{language}", "佐藤 花子")
            page = office.page(browser, login, locale=locale)
            _use_a_booth(page, directory, language)
            for name, path in PAGES.items():
                page.goto(path)
                _keep(page, directory / f"{name}.{language}.png")
            taken = next(booth for booth, _, owner in office.bookings() if owner == office.people[login])
            page.goto(f"/door/{door_link(office.conn, 'honcho', taken, office.now)}")
            _keep(page, directory / f"door.{language}.png")


def _let_the_sensors_speak(office: PhoneOffice) -> None:
    """A third of the seats is taken, and nobody is in a booth."""
    place, at_ms = building(seed=7, site="honcho", gateway="gw-1"), int(office.now.timestamp() * 1000) - 5000
    seats = [Reading(each.device, "occupancy", number % 3 == 0, at_ms) for number, each in enumerate(place.seats)]
    booths = [Reading(each.presence.device, "occupancy", False, at_ms) for each in place.booths]
    batch = Batch("honcho", "gw-1", "pictures", 1, [*seats, *booths])
    message = Message(upstream("honcho", "gw-1").up(READINGS), encode_batch(batch))
    store(office.conn, Catalogue(office.conn), [message], at_ms)


def _use_a_booth(page: Page, directory: Path, language: Language) -> None:
    """Looks what is free, takes the first, and checks in."""
    _keep(page, directory / f"home.{language}.png")
    page.locator("ul.cards button").first.tap()
    page.wait_for_url("**/bookings/*")
    _keep(page, directory / f"booked.{language}.png")
    page.locator("button[id^=check-in]").tap()
    page.locator("button[id^=leave]").wait_for()
    _keep(page, directory / f"in-use.{language}.png")


def _keep(page: Page, file: Path) -> None:
    page.wait_for_load_state("load")
    file.write_bytes(small(page.screenshot(animations="disabled")))


def main(arguments: list[str]) -> None:
    """Starts a database, takes the pictures, and leaves nothing behind but them."""
    images = Path(arguments[0]) if arguments else IMAGES
    with tempfile.TemporaryDirectory(prefix="shigotoba-pictures-") as directory:
        home = Path(directory)
        home.chmod(0o755)
        cluster = postgres.prepare(postgres.places_for(home), print, ["--no-sync"])
        server = Running(postgres.server(cluster, {"fsync": "off"}), home / "postgres.log")
        server.wait_ready()
        try:
            postgres.create_database(cluster, "office")
            database = postgres.conninfo(cluster, "office")
            with psycopg.connect(database, autocommit=True) as conn:
                migrate(conn, shipped())
            with phone_office(database) as office:
                take(office, images)
        finally:
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
