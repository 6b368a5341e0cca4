"""Messages to phones, through a push service that runs here and does what RFC 8030 says."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.notices import remind
from shigotoba_backend.bookings.values import Asker, Book
from shigotoba_backend.jobs.push import push_all, sender
from shigotoba_backend.phone.push import Subscription, make_key, public_key, subscribe
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

FRIDAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


class PushService(ThreadingHTTPServer):
    """Takes messages; an address that ends in ``gone`` is."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[tuple[dict[str, str], bytes]] = []

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Taking(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(410 if self.path.endswith("gone") else 201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        threading.Thread(target=running.serve_forever).start()
        yield running
        running.shutdown()


def phone(address: str) -> Subscription:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encoded = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (point, b"0123456789abcdef")]
    return Subscription(address, *encoded)


def test_a_reminder_reaches_each_phone_once_signed_and_sealed(
    web: Doors, small_site: SiteFile, service: PushService, tmp_path: Path
) -> None:
    sato = web.person("sato", Role.STAFF, home_site="honcho")
    begins = FRIDAY + timedelta(minutes=30)
    book(web.conn, Asker(sato), Book("honcho", "3f-b1", begins, begins + timedelta(minutes=30)), FRIDAY)
    assert remind(web.conn, begins - timedelta(minutes=5)) == 1
    make_key(tmp_path / "key.pem")
    for name in ("here", "gone"):
        subscribe(web.conn, sato, phone(service.address(name)), FRIDAY)
    send = sender(tmp_path / "key.pem", "mailto:soumu@example.lg.jp")
    assert push_all(web.conn, send, "http://testserver", FRIDAY) == 1
    assert push_all(web.conn, send, "http://testserver", FRIDAY) == 0
    assert len(service.taken) == 2
    headers, body = service.taken[0]
    assert headers["authorization"].startswith("vapid t=")
    assert headers["content-encoding"] == "aes128gcm"
    assert "ブース".encode() not in body
    left = web.conn.execute("SELECT endpoint FROM shigotoba.push_subscription").fetchall()
    assert left == [(service.address("here"),)]


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    make_key(key)
    assert key.stat().st_mode & 0o077 == 0
    assert len(base64.urlsafe_b64decode(public_key(key) + "=")) == 65
    with pytest.raises(FileExistsError):
        make_key(key)


def test_a_browser_subscribes_with_its_own_session_over_https_only(
    web: Doors, small_site: SiteFile, tmp_path: Path
) -> None:
    make_key(tmp_path / "key.pem")
    there = web.again(WebSettings(public_url="http://testserver", vapid_key_file=tmp_path / "key.pem"))
    client = there.browser("sato", home_site="honcho")
    assert f'data-push="{public_key(tmp_path / "key.pem")}"' in client.get("/me").text
    keys = phone("").p256dh, phone("").auth
    wanted = {"endpoint": "https://push.example/1", "keys": {"p256dh": keys[0], "auth": keys[1]}}
    assert client.post("/push", json=wanted).status_code == 204
    assert client.post("/push", json={**wanted, "endpoint": "http://intranet/"}).status_code == 422
    assert web.browser("sato").post("/push", json=wanted).status_code == 404
