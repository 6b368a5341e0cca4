"""Webhooks: signed, tried again, on record, and never into the own network."""

from __future__ import annotations

import hashlib
import hmac
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import psycopg
import pytest

from shigotoba_backend.bookings.making import book
from shigotoba_backend.jobs.tell import tell
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.webhooks.addresses import AddressError, target_of
from shigotoba_backend.webhooks.delivering import MOST_TRIES, deliver, pause
from shigotoba_backend.webhooks.keeping import make_webhook, stop_webhook, tries_of, webhooks_of
from shigotoba_backend.webhooks.settings import WebhookSettings
from shigotoba_testing.booths import NINE, minute, wish
from shigotoba_wire.settings import Broker

SETTINGS = BackendSettings("", Broker("127.0.0.1", 1), webhooks=WebhookSettings(["127.0.0.1"]))


class Receiver(ThreadingHTTPServer):
    """A program that is told; it answers with ``status`` and keeps what it got."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?x=1"


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


INSIDE = [
    "127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
    "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_into_the_own_network_is_refused(address: str):
    with pytest.raises(AddressError, match="not a public address"):
        target_of("https://example.lg.jp/hook", (), lambda _host, _port: [address])


def test_the_request_goes_to_the_address_that_was_checked():
    target = target_of("https://example.lg.jp/hook?a=1", (), lambda _host, _port: ["93.184.216.34"])
    assert (target.url, target.host) == ("https://93.184.216.34:443/hook?a=1", "example.lg.jp")
    six = target_of("https://example.lg.jp:8443", (), lambda _host, _port: ["2606:2800:220::1"])
    assert (six.url, six.host, six.sni) == ("https://[2606:2800:220::1]:8443/", "example.lg.jp:8443", "example.lg.jp")


@pytest.mark.parametrize(
    "url", ["http://example.lg.jp/", "ftp://example.lg.jp/", "https://", "https://a:b@example.lg.jp/"]
)
def test_what_is_no_plain_https_address_is_refused(url: str):
    with pytest.raises(AddressError):
        target_of(url, (), lambda _host, _port: ["93.184.216.34"])


def test_one_public_address_does_not_excuse_a_private_one():
    with pytest.raises(AddressError, match=r"10\.0\.0\.1"):
        target_of("https://example.lg.jp/", (), lambda _host, _port: ["93.184.216.34", "10.0.0.1"])


def test_pauses_grow_and_end():
    rng = random.Random(1)
    pauses = [pause(tries, rng) for tries in range(MOST_TRIES)]
    assert pauses[0] < timedelta(minutes=1)
    assert timedelta(hours=4) < pauses[-1] < timedelta(hours=8)


@pytest.mark.integration
def test_a_receiver_is_told_once_it_listens_and_can_check_who_told_it(
    conn: psycopg.Connection, somebody, receiver: Receiver
):
    webhook_id, secret = make_webhook(conn, "honcho", receiver.url, ["booked"], NINE - timedelta(minutes=1))
    booking = book(conn, somebody[0], wish(60, 90, purpose="秘密"), NINE)
    tell(conn, SETTINGS, NINE)
    receiver.status = 500
    deliver(conn, SETTINGS, NINE)
    assert [(each.state, each.tries, each.last_answer) for each in tries_of(conn, "honcho", webhook_id)] == [
        ("waiting", 1, "HTTP 500")
    ]
    assert deliver(conn, SETTINGS, NINE + timedelta(seconds=1)) == 0
    receiver.status = 204
    deliver(conn, SETTINGS, minute(1))
    [(first, _), (headers, body)] = receiver.heard
    assert headers["Shigotoba-Delivery"] == first["Shigotoba-Delivery"]
    seconds, mac = (part.split("=")[1] for part in headers["Shigotoba-Signature"].split(","))
    assert hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest() == mac
    told = msgspec.json.decode(body)
    assert (told["event"], told["booth"], told["booking"]) == ("booked", "3f-b1", f"{booking.booking_id}")
    assert "秘密" not in body.decode()
    assert tries_of(conn, "honcho", webhook_id)[0].state == "delivered"
    assert stop_webhook(conn, "honcho", webhook_id)
    assert [each.active for each in webhooks_of(conn, "honcho")] == [False]


@pytest.mark.integration
def test_a_redirect_is_not_followed_and_a_private_address_never_called(
    conn: psycopg.Connection, somebody, receiver: Receiver
):
    webhook_id, _ = make_webhook(conn, "honcho", receiver.url, [], NINE - timedelta(minutes=1))
    book(conn, somebody[0], wish(60, 90), NINE)
    tell(conn, SETTINGS, NINE)
    receiver.status = 302
    deliver(conn, SETTINGS, NINE)
    assert len(receiver.heard) == 1
    deliver(conn, BackendSettings("", Broker("127.0.0.1", 1)), minute(10))
    assert len(receiver.heard) == 1
    assert "not encrypted" in str(tries_of(conn, "honcho", webhook_id)[0].last_answer)
