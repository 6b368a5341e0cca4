"""Programmes: cards kept version by version, bars over fiscal years, six classes of status."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from importlib.resources import files

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.imports.catalogue import IMPORTED
from shigotoba_backend.plans.cards import STATUS_NAMES, Card, PlanFileError, Programme, Stage, Year, read_programmes
from shigotoba_backend.plans.keeping import (
    EditedMeanwhileError,
    Imported,
    UnknownInitiativeError,
    Writing,
    edit,
    import_programme,
    initiative,
    initiatives,
    programmes,
    versions,
)
from shigotoba_backend.plans.schedule import Bar, bars, status_counts, years_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEYS = [indicator.key for indicator in IMPORTED]
EXAMPLES = files("shigotoba_backend.reference").joinpath("programmes.toml").read_bytes()


def card(code: str = "a", **more: object) -> Card:
    told = {"title": "座席の見直し", "pillar": "p", "status": "planned", "responsible": ["総務課"], "first_year": 2023}
    return Card(code=code, **(told | more))


def programme(*cards: Card) -> Programme:
    return Programme("p", "計画", "市", "文書", list(cards))


def test_the_programmes_of_the_source_documents_are_shipped() -> None:
    found = {each.code: each for each in read_programmes(EXAMPLES, KEYS)}
    assert {code: len(each.cards) for code, each in found.items()} == {
        "tokyo-somu": 9,
        "koganei-dx": 12,
        "sendai-tekisei": 11,
    }
    telework = next(each for each in found["koganei-dx"].cards if each.title == "テレワークの推進")
    assert telework.related == ["自治体DX推進担当", "行政経営担当", "情報システム課", "職員課"]
    assert telework.years == [Year(2022, ["テレワークの試行実施"], ["テレワークの本格実施に向けた検討の継続"])]
    assert telework.indicators == ["telework_rate"]
    assert years_of(found["sendai-tekisei"].cards) == range(2023, 2027)


def test_a_bar_ends_with_the_years_shown_and_says_that_it_goes_on() -> None:
    cards = [
        card(stages=[Stage("検討", 2021, 2023), Stage("実施", 2024)]),
        card("b", title="終わった", first_year=2019, last_year=2020),
        card("c", title="全期間", first_year=2023, last_year=2026),
    ]
    assert bars(cards, range(2023, 2027)) == [
        Bar("a", "検討", 2023, 2023, began_before=True, goes_on=False),
        Bar("a", "実施", 2024, 2026, began_before=False, goes_on=True),
        Bar("c", "全期間", 2023, 2026, began_before=False, goes_on=False),
    ]
    assert bars([], years_of([])) == []


def test_every_class_is_counted_also_the_empty_ones() -> None:
    counts = status_counts([card(), card("b", status="done"), card("c")])
    assert {STATUS_NAMES[status]: number for status, number in counts.items()} == {
        "実施済": 1,
        "実施中": 0,
        "一部実施中": 0,
        "今後実施": 2,
        "検討中": 0,
        "今後検討": 0,
    }


@pytest.mark.parametrize(
    ("data", "help_given"),
    [
        (b"nonsense", "is not a list of programmes"),
        (b"{}", "is not a list of programmes"),
        (EXAMPLES.replace(b'"under_way"', b'"busy"', 1), "is not a list of programmes: Invalid enum value 'busy'"),
        (EXAMPLES.replace(b'"telework_rate"', b'"nothing"', 1), "“nothing”, which there is not"),
        (EXAMPLES.replace(b"last_year = 2025", b"last_year = 2001", 1), "Give the earlier fiscal year first"),
        (EXAMPLES.replace(b'code = "2-decisions"', b'code = "1-seals"', 1), "“1-seals” stands twice"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_with_the_place(data: bytes, help_given: str) -> None:
    with pytest.raises(PlanFileError, match=help_given):
        read_programmes(data, KEYS)


def test_a_card_with_a_place_that_is_none_or_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="names no scope"):
        card(places=["5f"])
    with pytest.raises(ValueError, match="floor:honcho/5f twice"):
        card(places=["floor:honcho/5f"], compared_with=["floor:honcho/5f"])


@pytest.mark.integration
def test_the_same_file_again_changes_nothing_and_another_makes_versions(conn: psycopg.Connection) -> None:
    for each in read_programmes(EXAMPLES, KEYS):
        assert import_programme(conn, "main", each, COMMAND, NOW).new == len(each.cards)
        assert import_programme(conn, "main", each, COMMAND, NOW) == Imported(each.code, 0, 0, len(each.cards))
    assert [each.code for each in programmes(conn, "main")] == ["koganei-dx", "sendai-tekisei", "tokyo-somu"]
    import_programme(conn, "main", programme(card(), card("b")), COMMAND, NOW)
    assert import_programme(conn, "main", programme(card("b", status="done")), COMMAND, NOW) == Imported("p", 0, 1, 0)
    assert {kept.card.code: kept.version for kept in initiatives(conn, "main", "p")} == {"a": 1, "b": 2}


@pytest.mark.integration
def test_an_edit_keeps_every_version_and_two_editors_cannot_overwrite_each_other(conn: psycopg.Connection) -> None:
    import_programme(conn, "main", programme(card()), COMMAND, NOW)
    seen = initiative(conn, "main", "p", "a")
    done = dataclasses.replace(seen.card, status="done")
    assert edit(conn, seen, "p", Writing(done, COMMAND, "完了報告", NOW)) == 2
    with pytest.raises(EditedMeanwhileError):
        edit(conn, seen, "p", Writing(card(status="under_study"), COMMAND, "別の人", NOW))
    assert [(each.version, each.card.status, each.reason) for each in versions(conn, seen)] == [
        (2, "done", "完了報告"),
        (1, "planned", "文書 を取り込み"),
    ]
    logged = conn.execute("SELECT before, after, reason FROM shigotoba.audit_log WHERE action = 'plan.edit'").fetchall()
    assert logged == [({"status": "planned"}, {"status": "done"}, "完了報告")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
        conn.execute("UPDATE shigotoba.initiative_version SET version = 3")
    with pytest.raises(UnknownInitiativeError, match="There is no initiative “z”"):
        initiative(conn, "main", "p", "z")
