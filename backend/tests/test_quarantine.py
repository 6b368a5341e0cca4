"""The quarantine: bounded, shown, and the way back out of it, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import psycopg
import pytest

from shigotoba_backend.cli import main
from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.ingest.quarantine import (
    Exhibit,
    Limits,
    Origin,
    Selection,
    discard,
    newest,
    put_exhibits,
    tallies,
)
from shigotoba_backend.ingest.replay import replay
from shigotoba_backend.jobs.quarantine import empty_quarantine
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import Device, SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_wire.errors import Refusal
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import READINGS, upstream

pytestmark = pytest.mark.integration

NOW_MS = 1_794_000_000_000
HOUR_MS = 3_600_000
ALL = Selection()
STORED = """
    SELECT device.code, seq, (extract(epoch FROM at) * 1000)::bigint, value
    FROM shigotoba.reading JOIN shigotoba.point USING (point_id) JOIN shigotoba.device USING (device_id)
    ORDER BY seq
"""


class Message(NamedTuple):
    topic: str
    payload: bytes


def batch(first_seq: int, *readings: Reading, site: str = "honcho") -> Message:
    return Message(upstream(site, "gw-1").up(READINGS), encode_batch(Batch(site, "gw-1", "e", first_seq, readings)))


def seat(device: str, at_ms: int = NOW_MS) -> Reading:
    return Reading(device, "occupancy", True, at_ms)


def ingest(conn: psycopg.Connection, *messages: Message) -> None:
    store_or_isolate(conn, Catalogue(conn), messages, NOW_MS)


def with_device(described: SiteFile, code: str) -> SiteFile:
    return msgspec.structs.replace(described, devices=[*described.devices, Device(code, "seat_sensor", "3f-s01", 60.0)])


def held(conn: psycopg.Connection) -> list[tuple[str, str]]:
    return [(row.reason, row.device) for row in newest(conn, 1_000)][::-1]


def test_readings_of_a_device_made_known_later_are_stored_as_what_they_were(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    ingest(conn, batch(7, seat("ble-new"), seat("ble-new", NOW_MS - 1), seat("ghost"), seat("ble-new", NOW_MS - 1)))
    import_site(conn, with_device(small_site, "ble-new"))
    done = replay(conn, ALL, NOW_MS)
    assert (done.readings, done.messages, dict(done.refused)) == (3, 0, {"unknown_device": 1})
    assert conn.execute(STORED).fetchall() == [
        ("ble-new", 7, NOW_MS, 1.0),
        ("ble-new", 8, NOW_MS - 1, 1.0),
        ("ble-new", 10, NOW_MS - 1, 1.0),
    ]
    assert held(conn) == [("unknown_device", "ghost")]
    assert tallies(conn) == [("gw-1", "unknown_device", 0, 3, 0)]
    assert conn.execute("SELECT count(*) FROM shigotoba.touched").fetchone() == (1,)
    assert conn.execute("SELECT count(*) FROM shigotoba.latest").fetchone() == (1,)


def test_a_replay_again_and_the_batch_again_add_nothing(conn: psycopg.Connection, small_site: SiteFile) -> None:
    sent = batch(1, *(seat("ble-new", NOW_MS - index) for index in range(20)))
    ingest(conn, sent)
    import_site(conn, with_device(small_site, "ble-new"))
    assert replay(conn, ALL, NOW_MS, most=3).readings == 20
    assert replay(conn, ALL, NOW_MS).readings == 0
    ingest(conn, sent)
    assert [row[1] for row in conn.execute(STORED)] == list(range(1, 21))


def test_two_replays_at_once_store_each_reading_once(
    conn: psycopg.Connection, small_site: SiteFile, database: str
) -> None:
    ingest(conn, batch(1, *(seat("ble-new", NOW_MS - index) for index in range(40))))
    import_site(conn, with_device(small_site, "ble-new"))

    def run(_: int) -> int:
        with psycopg.connect(database, autocommit=True) as other:
            return replay(other, ALL, NOW_MS, most=4).readings

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 40
    assert [row[1] for row in conn.execute(STORED)] == list(range(1, 41))


def test_a_replay_that_is_cut_off_leaves_every_row_where_it_was(conn: psycopg.Connection, small_site: SiteFile) -> None:
    ingest(conn, batch(1, seat("ble-new"), seat("ble-new", NOW_MS - 1)))
    import_site(conn, with_device(small_site, "ble-new"))
    with conn.transaction(force_rollback=True):
        assert replay(conn, ALL, NOW_MS).readings == 2
    assert len(held(conn)) == 2
    assert replay(conn, ALL, NOW_MS).readings == 2


def test_time_mends_a_clock_that_was_ahead(conn: psycopg.Connection, small_site: SiteFile) -> None:
    known = small_site.devices[0].code
    ingest(conn, batch(1, seat(known, NOW_MS + HOUR_MS)))
    assert replay(conn, ALL, NOW_MS).refused == {"future_time": 1}
    assert replay(conn, ALL, NOW_MS + HOUR_MS).readings == 1


def test_a_message_refused_whole_goes_through_the_ledger(conn: psycopg.Connection, small_site: SiteFile) -> None:
    known = small_site.devices[0].code
    refused = batch(1, seat(known), seat("ghost"), site="branch")
    ingest(conn, refused)
    assert replay(conn, ALL, NOW_MS).refused == {"wrong_sender": 1}
    branch = msgspec.structs.replace(small_site, site=msgspec.structs.replace(small_site.site, code="branch"))
    import_site(conn, branch)
    ingest(conn, refused)
    assert replay(conn, ALL, NOW_MS).messages == 1
    assert [row[:2] for row in conn.execute(STORED)] == [(known, 1)]
    assert held(conn) == [("unknown_device", "ghost")]


def test_what_can_never_be_read_stays_with_its_reason(conn: psycopg.Connection, small_site: SiteFile) -> None:
    topic = upstream("honcho", "gw-1").up(READINGS)
    whole = batch(1, seat(small_site.devices[0].code)).payload
    cut = whole + b" " * 300_000
    ingest(conn, Message(topic, b"\xff"), Message(topic, b"["), Message(topic, cut), Message("nowhere", b""))
    assert replay(conn, ALL, NOW_MS).refused == {"not_utf8": 1, "malformed": 1, "too_long": 1, "bad_topic": 1}
    assert len(held(conn)) == 4


def test_of_a_chatty_device_only_so_much_is_kept_and_the_rest_is_counted(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    def put(device: str, seqs: range, limits: Limits) -> None:
        exhibits = [
            Exhibit("t", "gw-1", Refusal.UNKNOWN_DEVICE, "?", b"12345", Origin(device, "e", seq)) for seq in seqs
        ]
        with conn.transaction():
            put_exhibits(conn, exhibits, limits)

    limits = Limits(per_device=5, per_gateway=8, bytes_per_gateway=1_000)
    put("chatty", range(4), limits)
    put("chatty", range(2, 10), limits)
    assert len(held(conn)) == 5
    assert tallies(conn) == [("gw-1", "unknown_device", 5, 0, 0)]
    put("other", range(20, 30), limits)
    assert len(held(conn)) == 8
    assert tallies(conn) == [("gw-1", "unknown_device", 12, 0, 0)]
    put("third", range(30, 40), Limits(bytes_per_gateway=50))
    assert len(held(conn)) == 10
    assert discard(conn, Selection(device="chatty")) == 5
    put("chatty", range(40, 42), limits)
    assert len(held(conn)) == 7
    assert tallies(conn) == [("gw-1", "unknown_device", 20, 0, 5)]


def test_the_commands_say_what_they_did_and_ask_before_all_is_discarded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], conn: psycopg.Connection, database: str, small_site: SiteFile
) -> None:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n')

    def quarantine(*arguments: str) -> tuple[int, str]:
        status = main(["quarantine", *arguments, "--settings", str(settings)])
        said = capsys.readouterr()
        return status, said.out + said.err

    ingest(conn, batch(1, seat("ble-new"), seat("ghost"), seat("ghost", NOW_MS - 1)))
    first = newest(conn, 3, Selection(device="ble-new"))[0].quarantine_id
    status, said = quarantine("show", str(first))
    assert (status, '"ble-new/occupancy"' in said) == (0, True)
    import_site(conn, with_device(small_site, "ble-new"))
    assert quarantine("replay") == (
        0,
        "1 readings stored, 0 messages taken, 2 still refused\n  unknown_device: 2\n",
    )
    assert quarantine("discard")[0] == 2
    assert quarantine("show")[0] == 2
    assert quarantine("discard", "--reason", "future_time") == (0, "0 discarded\n")
    assert quarantine("discard", "--before", "2026-01-01") == (0, "0 discarded\n")
    conn.execute("UPDATE shigotoba.quarantine SET received_at = '2025-12-31 23:59Z' WHERE device = 'ghost'")
    assert quarantine("discard", "--before", "2026-01-01") == (0, "2 discarded\n")
    assert "gw-1  unknown_device: 1 replayed, 2 discarded, 0 not kept" in quarantine("list")[1]


def test_what_has_waited_too_long_is_discarded_by_the_jobs_and_stays_counted(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    settings = BackendSettings("unused", Broker("127.0.0.1", 1), quarantine_days=30)
    ingest(conn, batch(1, seat("old"), seat("young")))
    conn.execute("UPDATE shigotoba.quarantine SET received_at = '2026-10-01Z' WHERE device = 'old'")
    conn.execute("UPDATE shigotoba.quarantine SET received_at = '2026-10-31Z' WHERE device = 'young'")
    assert [empty_quarantine(conn, settings, datetime(2026, 11, 29, tzinfo=UTC)) for _ in range(2)] == [1, 0]
    assert held(conn) == [("unknown_device", "young")]
    assert tallies(conn) == [("gw-1", "unknown_device", 0, 0, 1)]
