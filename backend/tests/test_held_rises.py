"""Rises of counters that wait for a person: decided over HTTP, on the command line, and what the rollups make of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from shigotoba_backend.accounts.audit import COMMAND, entries_about
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.arranging.rises import Verdict, decide_rise, held_rises
from shigotoba_backend.cli import main
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import step
from shigotoba_testing.stored import NINE, Told, deliver
from shigotoba_testing.web import Doors

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

MFP = "mfp-X001"
HERE = "/api/v1/sites/honcho/held-rises"


@pytest.fixture
def number(conn: psycopg.Connection) -> int:
    """That of a rise by a hundred thousand sides within an hour, which waits."""
    counts = [Told(MFP, "impressions_total", hour * 3600, hour, 90_000 + hour * 100_000) for hour in range(2)]
    deliver(conn, counts)
    work_off(conn)
    (rise,) = held_rises(conn)
    assert (rise.rise, rise.cause, rise.device, rise.version) == (100_000, "too_fast", MFP, 0)
    return rise.hold_id


def work_off(conn: psycopg.Connection) -> None:
    while step(conn):
        pass


def printed(conn: psycopg.Connection) -> list[tuple[int | None, int]]:
    """Sides, and rises that are held, hour by hour."""
    return conn.execute("SELECT impressions_total, held FROM shigotoba.printing_hour ORDER BY bucket").fetchall()


def say(client: TestClient, number: int, decision: str, reason: str, seen: int) -> tuple[int, dict[str, object]]:
    said = {"decision": decision, "reason": reason, "seen_version": seen}
    answer = client.post(f"{HERE}/{number}/decision", json=said)
    return answer.status_code, answer.json()


def test_a_held_rise_counts_when_a_person_releases_it_with_a_reason(web: Doors, number: int) -> None:
    sato = web.signed_in("sato", Role.FACILITY)
    (waits,) = sato.get(HERE).json()
    assert (waits["hold_id"], waits["rise"], waits["decision"]) == (number, 100_000, None)
    assert waits["cause_in_words"] == "faster than the device works"
    assert printed(web.conn) == [(None, 1)]
    status, released = say(sato, number, "release", "印刷所の代行で大量に刷った", waits["version"])
    assert (status, released["decision"], released["decided_by"]) == (200, "release", "Sato")
    work_off(web.conn)
    assert printed(web.conn) == [(100_000, 0)]
    assert sato.get(HERE).json() == []
    status, refused = say(sato, number, "refuse", "基板の交換だった", int(str(released["version"])))
    assert status == 200
    work_off(web.conn)
    rebuild(web.conn)
    assert printed(web.conn) == [(None, 1)]
    assert sato.get(HERE, params={"decided": True}).json() == [refused]


def test_a_decision_is_on_record_with_who_decided_and_what_was_decided_before(web: Doors, number: int) -> None:
    sato = web.signed_in("sato", Role.FACILITY)
    _, released = say(sato, number, "release", "代行印刷", 0)
    say(sato, number, "refuse", "基板の交換", int(str(released["version"])))
    refused, told = entries_about(web.conn, f"device:{MFP}")
    assert (told.action, told.object, told.site, told.actor_id) == (
        "counter.release",
        f"device:{MFP}",
        "honcho",
        web.person("sato"),
    )
    assert (told.before, told.after, told.reason) == (
        None,
        {"decision": "release", "hold": number, "rise": 100_000},
        "代行印刷",
    )
    assert (refused.before, refused.reason) == ({"decision": "release", "reason": "代行印刷"}, "基板の交換")


def test_of_two_who_decide_at_once_the_later_one_is_told_what_the_other_decided(web: Doors, number: int) -> None:
    assert say(web.signed_in("sato", Role.FACILITY), number, "release", "代行印刷", 0)[0] == 200
    status, told = say(web.signed_in("kato", Role.FACILITY), number, "refuse", "基板の交換", 0)
    assert (status, told["code"]) == (409, "decided_meanwhile")
    assert told["facts"] == {"by": "Sato", "reason": "代行印刷"}
    assert [rise.decision for rise in held_rises(web.conn, waiting_only=False)] == ["release"]


def test_what_is_not_held_here_cannot_be_decided_and_nothing_without_a_reason(web: Doors, number: int) -> None:
    sato = web.signed_in("sato", Role.FACILITY)
    assert say(sato, 77, "refuse", "?", 0)[1]["code"] == "no_such_rise"
    assert say(sato, number, "refuse", " ", 0)[1]["code"] == "rise_reason_missing"
    assert say(sato, number, "perhaps", "?", 0)[0] == 422
    with pytest.raises(ProblemError, match="no_such_rise"):
        decide_rise(web.conn, "elsewhere", number, Verdict("refuse", "?"), COMMAND, web.at)
    assert printed(web.conn) == [(None, 1)]


def test_a_decision_within_a_millisecond_of_another_is_another_version(conn: psycopg.Connection, number: int) -> None:
    at = NINE + timedelta(hours=3)
    first = decide_rise(conn, None, number, Verdict("release", "代行印刷", "sato"), COMMAND, at)
    second = decide_rise(conn, None, number, Verdict("refuse", "基板", "sato", first.version), COMMAND, at)
    assert second.version > first.version > 0


def test_held_rises_are_listed_and_decided_on_the_command_line(
    conn: psycopg.Connection, database: str, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    told = ["--settings", str(settings)]
    assert main(["counters", "held", *told]) == 0
    assert "honcho/mfp-X001 impressions_total +100000" in capsys.readouterr().out
    because = ["--by", "sato", "--reason", "基板の交換"]
    assert main(["counters", "refuse", *told, str(number), *because]) == 0
    assert "refused by sato: 基板の交換" in capsys.readouterr().out
    assert conn.execute("SELECT action, object, reason FROM shigotoba.audit_log").fetchall() == [
        ("counter.refuse", "device:mfp-X001", "基板の交換")
    ]
    assert main(["counters", "release", *told, "77", *because]) == 2
    assert "No rise is held under number 77" in capsys.readouterr().err
