"""Who speaks for a gateway: the first that came, until it falls silent or somebody claims the name anew."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import psycopg
import pytest

from shigotoba_backend.enrolment.papers import row_of
from shigotoba_backend.enrolment.rows import gateways
from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.stored import NINE
from shigotoba_wire.booths import BoothEvent, BoothEventKind, BoothEvents, Trigger, encode_booths
from shigotoba_wire.downlink import TurnedAway, decode_turned_away
from shigotoba_wire.health import GatewayHealth, encode_health
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.receipts import Receipt, Span, decode_receipt
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import EVENTS, HEALTH, READINGS, upstream

pytestmark = pytest.mark.integration

CHANNEL = upstream("honcho", "gw-1")
NOW_MS = round(NINE.timestamp() * 1000)
CERTIFICATES = """
INSERT INTO shigotoba.gateway_identity (gateway, site_id) SELECT 'gw-1', site_id FROM shigotoba.site;
INSERT INTO shigotoba.gateway_certificate
    (serial, gateway, origin, key_digest, not_before, not_after, certificate, revoked_at, revocation)
VALUES ('0a', 'gw-1', 'claim', 'a', now(), now(), '', now(), 'new_device'),
       ('0b', 'gw-1', 'claim', 'b', now(), now(), '', NULL, NULL)
"""

SPEAKS = """
SELECT instance, payload ->> 'instance' FROM shigotoba.gateway_tenure JOIN shigotoba.gateway_health USING (gateway)
"""


class Message(NamedTuple):
    topic: str
    payload: bytes


class Machine(msgspec.Struct):
    """A process that says it is gw-1."""

    instance: str
    epoch: str
    certificate: str = ""
    every_s: float = 10.0

    def health(self) -> Message:
        said = GatewayHealth(
            "gw-1",
            NOW_MS,
            NOW_MS,
            self.epoch,
            1,
            0,
            0,
            instance=self.instance,
            certificate=self.certificate,
            every_s=self.every_s,
        )
        return Message(CHANNEL.up(HEALTH), encode_health(said))

    def batch(self, first_seq: int) -> Message:
        reading = Reading("ble-5448e68f80a5", "occupancy", True, NOW_MS + first_seq)
        return Message(CHANNEL.up(READINGS), encode_batch(Batch("honcho", "gw-1", self.epoch, first_seq, (reading,))))

    def press(self) -> Message:
        event = BoothEvent(1, "3f-b1", BoothEventKind.WALK_IN, NOW_MS, Trigger.BUTTON, "enocean-fe001122", "", None)
        return Message(CHANNEL.up(EVENTS), encode_booths(BoothEvents("gw-1", self.epoch, (event,))))


FIRST, SECOND = Machine("first", "e1"), Machine("second", "e2")


class Platform:
    """Ingest, and what it has said."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self.conn = conn

    def hears(self, *messages: Message, after_s: float = 0.0) -> list[Receipt | TurnedAway]:
        said = store_or_isolate(self.conn, Catalogue(self.conn), messages, NOW_MS + round(after_s * 1000))
        return [
            decode_turned_away(each.payload) if each.topic.endswith("turned-away") else decode_receipt(each.payload)
            for each in said
        ]

    def stored(self) -> int:
        row = self.conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone()
        return row[0] if row else 0

    def speaks(self) -> list[tuple[str, str]]:
        return self.conn.execute(SPEAKS).fetchall()


@pytest.fixture
def platform(conn: psycopg.Connection, small_site: SiteFile) -> Platform:
    return Platform(conn)


def test_the_second_machine_is_told_and_its_batches_are_put_off(platform: Platform) -> None:
    assert platform.hears(FIRST.health(), FIRST.batch(1)) == [Receipt("e1", (Span(1, 1),))]
    put_off = Receipt("e2", deferred=(Span(1, 1),))
    assert platform.hears(SECOND.batch(1), SECOND.health(), FIRST.batch(2)) == [
        put_off,
        Receipt("e1", (Span(2, 1),)),
        TurnedAway("second", NOW_MS),
    ]
    assert platform.hears(SECOND.batch(1), SECOND.press(), after_s=5) == [put_off]
    assert (platform.stored(), platform.speaks()) == (2, [("first", "first")])
    assert platform.hears(FIRST.health(), after_s=9) == [TurnedAway("second", NOW_MS)], "the first knows of it as well"


def test_it_has_the_gateway_once_the_first_has_been_silent_for_long(platform: Platform) -> None:
    platform.hears(FIRST.health())
    platform.hears(SECOND.health(), after_s=29)
    assert platform.hears(SECOND.health(), SECOND.batch(1), after_s=31) == [Receipt("e2", (Span(1, 1),))]
    assert platform.hears(FIRST.health(), FIRST.batch(1), after_s=32) == [
        Receipt("e1", deferred=(Span(1, 1),)),
        TurnedAway("first", NOW_MS + 31_000),
    ]


def test_who_seldom_speaks_is_waited_for_longer(platform: Platform) -> None:
    platform.hears(Machine("first", "e1", every_s=60).health())
    assert platform.hears(SECOND.health(), after_s=170) == [TurnedAway("second", NOW_MS)]


def test_a_process_started_anew_on_the_same_spool_is_the_same_machine(platform: Platform) -> None:
    platform.hears(FIRST.health())
    again = Machine("again", "e1")
    assert platform.hears(again.health(), again.batch(1), after_s=1) == [Receipt("e1", (Span(1, 1),))]
    assert platform.speaks() == [("again", "again")]


def test_two_that_share_a_spool_by_copy_do_not_take_turns(platform: Platform) -> None:
    platform.hears(FIRST.health())
    platform.hears(Machine("copy", "e1").health(), after_s=1)
    assert platform.hears(FIRST.health(), FIRST.batch(1), after_s=2) == [
        Receipt("e1", (Span(1, 1),)),
        TurnedAway("first", NOW_MS + 1000),
    ]


def test_who_claimed_the_name_anew_need_not_wait(platform: Platform) -> None:
    platform.conn.execute(CERTIFICATES)
    platform.hears(Machine("first", "e1", "0a").health())
    claimed = Machine("second", "e2", "0b")
    assert platform.hears(claimed.health(), claimed.batch(1), after_s=1) == [Receipt("e2", (Span(1, 1),))]
    assert platform.hears(Machine("first", "e1", "0a").health(), after_s=2) == [TurnedAway("first", NOW_MS + 1000)]
    (listed,) = gateways(platform.conn, NINE)
    assert "another machine under this name is turned away" in row_of(listed, NINE)


def test_a_gateway_too_old_to_name_its_process_is_heard(platform: Platform) -> None:
    platform.hears(FIRST.health())
    old = Machine("", "e0")
    assert platform.hears(old.health(), old.batch(1)) == [Receipt("e0", (Span(1, 1),))]
