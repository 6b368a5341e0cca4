"""Takes the pictures of docs/phone.md again: the real application in a real Chromium, over a database of its own.

PYTHONPATH=tests/support .venv/bin/python scripts/phone_pictures.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg

from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_standalone import postgres
from shigotoba_standalone.programs import Running
from shigotoba_testing.phone import PhoneOffice, chromium, phone_office

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"


def take(office: PhoneOffice) -> None:
    """A morning in the office, page by page."""
    office.book("suzuki", "3f-b2", 0, 60)
    with chromium() as browser:
        page = office.page(browser, "sato")
        page.screenshot(path=IMAGES / "phone-home.png")
        page.get_by_role("button", name="予約 3階ブース1").tap()
        page.wait_for_url("**/bookings/*")
        page.screenshot(path=IMAGES / "phone-booked.png")
        for path, name in (("/booths", "phone-booths"), ("/seats", "phone-seats")):
            page.goto(path)
            page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Starts a database, takes the pictures, and leaves nothing behind but them."""
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
                take(office)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
