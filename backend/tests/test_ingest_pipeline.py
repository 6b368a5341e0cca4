"""The life of a batch against a real database: exactly the readings sent, whatever came twice, late or broken."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.ingest.receipts import Publication
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.lines import objects_told
from shigotoba_wire.errors import Refusal
from shigotoba_wire.health import GatewayHealth, encode_health
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.readings import Batch, Quality, Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, decode_receipt, digest_of
from shigotoba_wire.senml import encode_batch, encode_reading
from shigotoba_wire.topics import HEALTH, READINGS, upstream

pytestmark = pytest.mark.integration

NOW_MS = 1_794_000_000_000
SEAT, OTHER_SEAT, ROCKER, PRINTER = "ble-5448e68f80a5", "ble-5448e68f80a6", "enocean-fe001122", "mfp-X001"
CHANNEL = upstream("honcho", "gw-1")
HEALTH_NOW = GatewayHealth("gw-1", NOW_MS, NOW_MS - 1000, "e", 2, 0, 0)
STORED = """
    SELECT device.code, point.name, (extract(epoch FROM at) * 1000)::bigint, value, label, uncertain, seq
    FROM shigotoba.reading JOIN shigotoba.point USING (point_id) JOIN shigotoba.device USING (device_id)
    ORDER BY seq
"""


class Message(NamedTuple):
    topic: str
    payload: bytes


def batch(first_seq: int, *readings: Reading, epoch: str = "e", gateway: str = "gw-1") -> Message:
    payload = encode_batch(Batch("honcho", gateway, epoch, first_seq, readings))
    return Message(upstream("honcho", gateway).up(READINGS), payload)


def seat(at_ms: int, value: bool = True, device: str = SEAT) -> Reading:
    return Reading(device, "occupancy", value, at_ms)


def ingest(conn: psycopg.Connection, *messages: Message) -> list[tuple[str, Receipt]]:
    publications: Sequence[Publication] = store_or_isolate(conn, Catalogue(conn), messages, NOW_MS)
    return [(publication.topic, decode_receipt(publication.payload)) for publication in publications]


def quarantined(conn: psycopg.Connection) -> list[tuple[str, int]]:
    return conn.execute("SELECT reason, repeats FROM shigotoba.quarantine ORDER BY quarantine_id").fetchall()


def count(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(psycopg.sql.SQL("SELECT count(*) FROM shigotoba.{}").format(psycopg.sql.Identifier(table)))
    return int((row.fetchone() or (0,))[0])


def test_readings_are_stored_as_they_were_sent_and_receipted(conn: psycopg.Connection, small_site: SiteFile) -> None:
    sent = batch(
        41,
        seat(NOW_MS - 1),
        Reading(ROCKER, "button", "AI", NOW_MS, Quality.UNCERTAIN),
        Reading(PRINTER, "impressions_total", 2**33 + 1, NOW_MS),
    )
    assert ingest(conn, sent) == [(CHANNEL.down("receipts"), Receipt("e", (Span(41, 3),)))]
    assert conn.execute(STORED).fetchall() == [
        (SEAT, "occupancy", NOW_MS - 1, 1.0, None, False, 41),
        (ROCKER, "button", NOW_MS, None, "AI", True, 42),
        (PRINTER, "impressions_total", NOW_MS, float(2**33 + 1), None, False, 43),
    ]
    assert count(conn, "touched") == 3
    assert count(conn, "latest") == 3


def test_a_repeat_adds_nothing_but_gets_its_receipt(conn: psycopg.Connection, small_site: SiteFile) -> None:
    sent = batch(1, seat(NOW_MS), seat(NOW_MS, device="ghost"))
    first = ingest(conn, sent)
    with objects_told(LogSettings("json", batches=True)) as told:
        assert ingest(conn, sent, sent) == [(CHANNEL.down("receipts"), Receipt("e", (Span(1, 2), Span(1, 2))))]
    assert [(line["message"], line["batch"], line["new"]) for line in told()] == [("stored", "honcho/gw-1/e/1", 0)] * 2
    assert first == [(CHANNEL.down("receipts"), Receipt("e", (Span(1, 2),)))]
    assert count(conn, "reading") == 1
    assert count(conn, "touched") == 1
    assert quarantined(conn) == [("unknown_device", 0)]


def test_of_an_overlap_only_the_new_part_is_stored(conn: psycopg.Connection, small_site: SiteFile) -> None:
    readings = [seat(NOW_MS + index) for index in range(10)]
    ingest(conn, batch(4, *readings[3:6]))
    ingest(conn, batch(1, *readings))
    assert [row[2] - NOW_MS for row in conn.execute(STORED)] == list(range(10))
    assert [row[6] for row in conn.execute(STORED)] == list(range(1, 11))


def test_two_epochs_of_one_gateway_do_not_hide_each_other(conn: psycopg.Connection, small_site: SiteFile) -> None:
    ingest(conn, batch(1, seat(NOW_MS)), batch(1, seat(NOW_MS + 1), epoch="after-the-sd-card-died"))
    assert count(conn, "reading") == 2


EPOCHS = [("gw-1", "a"), ("gw-1", "b"), ("gw-2", "a"), ("history", "a")]
CUTS = st.tuples(st.integers(0, 3), st.integers(0, 29), st.integers(1, 12))
_runs = itertools.count()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(st.lists(CUTS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_order_overlap_and_repetition_stores_exactly_what_was_sent(
    conn: psycopg.Connection, small_site: SiteFile, commits: list[list[tuple[int, int, int]]]
) -> None:
    run = next(_runs)
    conn.execute("TRUNCATE shigotoba.reading, shigotoba.latest, shigotoba.touched")
    sent: set[tuple[int, int]] = set()
    for commit in commits:
        messages: list[Message] = []
        for source, start, length in commit:
            gateway, epoch = EPOCHS[source]
            numbers = range(start, min(start + length, 30))
            # The instant tells source and number, so that a row in the database tells what it was.
            readings = [seat(NOW_MS - 1000 * source - number) for number in numbers]
            messages.append(batch(start + 1, *readings, epoch=f"{epoch}{run}", gateway=gateway))
            sent |= {(source, number) for number in numbers}
        ingest(conn, *messages)
    stored = [divmod(NOW_MS - row[2], 1000) for row in conn.execute(STORED)]
    assert sorted(stored) == sorted(sent)


def test_bad_readings_are_quarantined_and_the_rest_of_the_batch_is_stored(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    bad = [
        seat(NOW_MS, device="ghost"),
        Reading(SEAT, "humour", 1.0, NOW_MS),
        Reading(SEAT, "occupancy", "maybe", NOW_MS),
        seat(NOW_MS + 3_600_000),
        seat(NOW_MS - 10 * 365 * 86_400_000),
    ]
    sent = batch(1, seat(NOW_MS), *bad, seat(NOW_MS + 1))
    assert ingest(conn, sent) == [(CHANNEL.down("receipts"), Receipt("e", (Span(1, 7),)))]
    assert [row[6] for row in conn.execute(STORED)] == [1, 7]
    rows = conn.execute("SELECT reason, payload, gateway, topic FROM shigotoba.quarantine ORDER BY quarantine_id")
    reasons = ("unknown_device", "unknown_point", "wrong_type", "future_time", "absurd_time")
    assert sorted(rows.fetchall()) == sorted(
        (reason, encode_reading(reading), "gw-1", CHANNEL.up(READINGS))
        for reason, reading in zip(reasons, bad, strict=True)
    )
    assert conn.execute("SELECT received = '{[1,8)}' FROM shigotoba.ledger").fetchone() == (True,)


def test_a_payload_that_cannot_be_read_is_quarantined_and_refused_by_its_digest(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    torn = batch(1, seat(NOW_MS)).payload[:-5]
    receipts = ingest(conn, Message(CHANNEL.up(READINGS), torn), batch(1, seat(NOW_MS)))
    detail = "malformed: not a SenML pack: Input data was truncated".removeprefix("malformed: ")
    assert receipts == [
        (CHANNEL.down("receipts"), Receipt("e", (Span(1, 1),))),
        (CHANNEL.down("receipts"), Receipt("", (), (Rejection(digest_of(torn), "malformed", detail),))),
    ]
    row = conn.execute("SELECT gateway, reason, detail, payload, digest FROM shigotoba.quarantine").fetchone()
    assert row == ("gw-1", "malformed", detail, torn, digest_of(torn))


def test_poison_that_comes_again_is_counted_not_stored_again(conn: psycopg.Connection, small_site: SiteFile) -> None:
    poison = Message(CHANNEL.up(READINGS), b"\x00\xff")
    ingest(conn, poison, poison)
    ingest(conn, poison)
    assert quarantined(conn) == [("not_utf8", 2)]


def test_nobody_is_told_about_a_topic_that_names_no_sender(conn: psycopg.Connection, small_site: SiteFile) -> None:
    assert ingest(conn, Message("shigotoba/v1/\0", b"?")) == []
    assert conn.execute("SELECT gateway, topic, reason FROM shigotoba.quarantine").fetchone() == (
        "",
        "shigotoba/v1/\N{REPLACEMENT CHARACTER}",
        "bad_topic",
    )


def test_of_an_over_long_payload_the_beginning_is_kept(conn: psycopg.Connection, small_site: SiteFile) -> None:
    ingest(conn, Message(CHANNEL.up(READINGS), b"x" * 300_000))
    row = conn.execute("SELECT reason, length(payload), detail, digest FROM shigotoba.quarantine").fetchone()
    assert row == ("too_long", 262_144, "300000 bytes, at most 262144 are taken", digest_of(b"x" * 300_000))


def test_what_only_the_database_refuses_is_found_and_quarantined_alone(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    # PostgreSQL's jsonb knows no NUL, though JSON does: no check of ours foresees it.
    unstorable = encode_health(HEALTH_NOW).replace(b'"epoch":"e"', b'"epoch":"\\u0000"')
    receipts = ingest(conn, batch(1, seat(NOW_MS)), Message(CHANNEL.up(HEALTH), unstorable), batch(2, seat(NOW_MS)))
    assert count(conn, "reading") == 2
    assert quarantined(conn) == [("malformed", 0)]
    assert [receipt.stored for _, receipt in receipts] == [(Span(1, 1),), (), (Span(2, 1),)]
    assert receipts[1][1].rejected[0].reason == Refusal.MALFORMED.value


def test_one_poison_among_many_costs_a_few_commits_not_one_each(conn: psycopg.Connection, small_site: SiteFile) -> None:
    unstorable = encode_health(HEALTH_NOW).replace(b'"epoch":"e"', b'"epoch":"\\u0000"')
    good = [batch(1, seat(NOW_MS + number), epoch=f"e{number}") for number in range(63)]
    ingest(conn, *good[:40], Message(CHANNEL.up(HEALTH), unstorable), *good[40:])
    assert count(conn, "reading") == len(good)
    assert quarantined(conn) == [("malformed", 0)]
    commits = conn.execute("SELECT count(DISTINCT xmin::text) FROM shigotoba.ledger").fetchone()
    assert commits == (6,), "32, 16, 8, 4, 2 and 1 that were beside it"


def test_older_health_never_replaces_newer(conn: psycopg.Connection, small_site: SiteFile) -> None:
    for at_ms, waiting in [(NOW_MS - 2000, 5), (NOW_MS, 7), (NOW_MS - 1000, 6)]:
        note = msgspec.structs.replace(HEALTH_NOW, at_ms=at_ms, waiting=waiting)
        ingest(conn, Message(CHANNEL.up(HEALTH), encode_health(note)))
    rows = conn.execute(
        "SELECT gateway, (extract(epoch FROM at) * 1000)::bigint, payload FROM shigotoba.gateway_health"
    )
    gateway, at_ms, payload = rows.fetchone() or ("", 0, {})
    assert (gateway, at_ms, payload["waiting"]) == ("gw-1", NOW_MS, 7)
    assert payload == json.loads(encode_health(msgspec.structs.replace(HEALTH_NOW, waiting=7)))


def test_the_newest_value_knows_since_when_and_ignores_late_readings(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    ingest(conn, batch(1, seat(NOW_MS - 60_000, value=False), seat(NOW_MS - 30_000), seat(NOW_MS - 20_000)))
    ingest(conn, batch(4, seat(NOW_MS - 10_000), seat(NOW_MS - 90_000, value=False)))
    row = conn.execute(
        "SELECT (extract(epoch FROM at) * 1000)::bigint, value, (extract(epoch FROM changed_at) * 1000)::bigint"
        " FROM shigotoba.latest"
    ).fetchone()
    assert row == (NOW_MS - 10_000, 1.0, NOW_MS - 30_000)


def test_readings_a_year_late_touch_only_their_own_time(conn: psycopg.Connection, small_site: SiteFile) -> None:
    year_ms = 365 * 86_400_000
    ingest(conn, batch(1, seat(NOW_MS), seat(NOW_MS - year_ms), seat(NOW_MS - year_ms + 60_000)))
    rows = conn.execute("SELECT extract(epoch FROM to_at - from_at)::int FROM shigotoba.touched ORDER BY from_at")
    assert rows.fetchall() == [(60,), (0,)]


def test_a_commit_of_button_presses_alone_is_stored(conn: psycopg.Connection, small_site: SiteFile) -> None:
    ingest(conn, batch(1, Reading(ROCKER, "button", "AI", NOW_MS)))
    assert conn.execute("SELECT value, label FROM shigotoba.latest").fetchall() == [(None, "AI")]


def test_a_refusal_that_quotes_the_sender_stays_short(conn: psycopg.Connection, small_site: SiteFile) -> None:
    payload = batch(1, seat(NOW_MS)).payload.replace(SEAT.encode(), b"x" * 100_000)
    ((_, receipt),) = ingest(conn, Message(CHANNEL.up(READINGS), payload))
    assert len(receipt.rejected[0].detail) == 500


def test_a_batch_of_an_unknown_site_is_kept_whole(conn: psycopg.Connection, small_site: SiteFile) -> None:
    sent = encode_batch(Batch("nowhere", "gw-1", "e", 1, (seat(NOW_MS),)))
    ((_, receipt),) = ingest(conn, Message(upstream("nowhere", "gw-1").up(READINGS), sent))
    assert receipt.rejected[0].digest == digest_of(sent)
    assert conn.execute("SELECT reason, payload FROM shigotoba.quarantine").fetchone() == ("wrong_sender", sent)


def test_a_device_made_known_later_is_taken_from_then_on(conn: psycopg.Connection, small_site: SiteFile) -> None:
    catalogue = Catalogue(conn)
    store_or_isolate(conn, catalogue, [batch(1, seat(NOW_MS, device="ble-new"))], NOW_MS)
    conn.execute(
        "INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)"
        " SELECT site_id, 'ble-new', 'seat_sensor', 60 FROM shigotoba.site"
    )
    store_or_isolate(conn, catalogue, [batch(2, seat(NOW_MS, device="ble-new"))], NOW_MS)
    assert count(conn, "reading") == 1
    assert quarantined(conn) == [("unknown_device", 0)]
