"""Figures kept: shown first, corrected with a reason, never rewritten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.imports.amounts import amounts
from shigotoba_backend.imports.entries import Entry
from shigotoba_backend.imports.held import held_figures, history_of
from shigotoba_backend.imports.keeping import ChangedMeanwhileError, Kept, Origin, ReasonWantedError, keep
from shigotoba_backend.imports.preview import Preview, preview
from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.periods import Period, fiscal_year, month
from shigotoba_backend.indicators.scopes import organisation

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCOPE = organisation("main")
PAPER = "copy_paper_purchased"
ORIGIN = Origin(form="cp932", file_name="用紙.csv", digest="d1")


def entry(period: Period, value: str, **more: object) -> Entry:
    return Entry(period=period, numerator=Decimal(value), written=value, source="契約課", **more)


def put(conn: psycopg.Connection, *entries: Entry, reason: str = "", series: str = PAPER) -> Kept:
    return keep(conn, preview(conn, series, SCOPE, entries), ORIGIN, COMMAND, reason, NOW)


def kinds(shown: Preview) -> list[str]:
    return [change.kind for change in shown.changes]


def test_new_figures_are_kept_and_the_same_file_again_changes_nothing(conn: psycopg.Connection) -> None:
    months = [entry(month(2022, number), f"{number}000000") for number in (4, 5, 6)]
    assert put(conn, *months) == Kept(new=3, corrected=0, same=0)
    assert kinds(preview(conn, PAPER, SCOPE, months)) == ["same"] * 3
    assert put(conn, *months) == Kept(new=0, corrected=0, same=3)
    assert conn.execute("SELECT count(*) FROM shigotoba.figure_import").fetchone() == (1,)


def test_a_correction_keeps_the_old_value_who_why_and_when(conn: psycopg.Connection) -> None:
    put(conn, entry(fiscal_year(2022), "56950000"))
    corrected = entry(fiscal_year(2022), "56940000")
    with pytest.raises(ReasonWantedError):
        put(conn, corrected)
    assert put(conn, corrected, reason="3月分の二重計上") == Kept(new=0, corrected=1, same=0)
    (now, before) = history_of(conn, PAPER, SCOPE, "FY2022")
    assert (now.numerator, now.reason, now.recorded_at, now.file_name) == (56940000, "3月分の二重計上", NOW, "用紙.csv")
    assert (before.numerator, before.reason, now.corrects) == (56950000, "", before.figure_id)
    assert [each.numerator for each in held_figures(conn, PAPER, SCOPE)] == [56940000]
    logged = conn.execute("SELECT action, object, reason, after->>'corrected' FROM shigotoba.audit_log").fetchall()
    assert logged == [
        ("figures.import", "series:copy_paper_purchased", "", "0"),
        ("figures.import", "series:copy_paper_purchased", "3月分の二重計上", "1"),
    ]


def test_only_what_was_shown_is_kept(conn: psycopg.Connection) -> None:
    shown = preview(conn, PAPER, SCOPE, [entry(fiscal_year(2022), "1")])
    put(conn, entry(fiscal_year(2022), "2"))
    with pytest.raises(ChangedMeanwhileError):
        keep(conn, shown, ORIGIN, COMMAND, "", NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shigotoba.imported_figure SET numerator = 1",
        "DELETE FROM shigotoba.imported_figure",
        "TRUNCATE shigotoba.imported_figure, shigotoba.figure_import",
        "UPDATE shigotoba.figure_import SET actor_kind = 'job'",
    ],
)
def test_the_database_refuses_to_rewrite_history(conn: psycopg.Connection, statement: str) -> None:
    put(conn, entry(fiscal_year(2022), "5"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
        conn.execute(statement.encode())


def test_the_database_refuses_two_corrections_of_one_figure_and_one_of_another_cell(conn: psycopg.Connection) -> None:
    put(conn, entry(fiscal_year(2022), "5"), entry(fiscal_year(2021), "6"))
    put(conn, entry(fiscal_year(2022), "7"), reason="転記誤り")
    copy = (
        "INSERT INTO shigotoba.imported_figure (import_id, series, scope, period, first, beyond, numerator, estimate,"
        " bound, written, note, source, corrects, reason, recorded_at)"
        " SELECT import_id, series, scope, {period}, first, beyond, 9, false, 'exact', '', '', 's', 1, 'r', now()"
        " FROM shigotoba.imported_figure WHERE figure_id = 1"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        conn.execute(copy.format(period="period").encode())
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        conn.execute(copy.format(period="'FY2021'").replace(", 1, 'r'", ", 2 + 1, 'r'").encode())


def test_a_figure_far_from_the_others_is_pointed_out(conn: psycopg.Connection) -> None:
    put(conn, *[entry(month(2022, number), f"{number}000000") for number in (4, 5, 6)])
    shown = preview(conn, PAPER, SCOPE, [entry(month(2022, 7), "500"), entry(month(2022, 8), "4500000")])
    assert [change.slip for change in shown.changes] == [True, False]


def test_amounts_leave_special_factors_out_where_that_is_asked(conn: psycopg.Connection) -> None:
    covid = {"excluded": Decimal(8_700_000), "excluded_reason": "コロナ関連業務"}
    put(conn, entry(fiscal_year(2021), "100100000", **covid), entry(month(2022, 4), "5000000", estimate=True))
    year = {"first": date(2021, 4, 1), "months": 12, "as_of": NOW}
    april = Amount(first=date(2022, 4, 1), months=1, numerator=5e6, estimate=True, as_of=NOW)
    everything = (SCOPE, date(2021, 4, 1), date(2023, 4, 1))
    assert amounts(conn, PAPER, *everything) == [Amount(numerator=100_100_000.0, **year), april]
    assert amounts(conn, PAPER + "_excluding", *everything) == [
        Amount(numerator=91_400_000.0, exclusions="コロナ関連業務", **year),
        april,
    ]


def test_a_percentage_alone_has_no_denominator_and_is_unknown_without_special_factors(conn: psycopg.Connection) -> None:
    put(conn, entry(month(2023, 3), "99.8"), series="electronic_decision_rate")
    counts = {"denominator": Decimal(1000), "excluded": Decimal(100), "excluded_reason": "紙が合理的"}
    put(conn, entry(month(2023, 4), "855", **counts), series="electronic_decision_rate")
    window = (SCOPE, date(2023, 3, 1), date(2023, 5, 1))
    told = [(each.numerator, each.denominator) for each in amounts(conn, "electronic_decision_rate", *window)]
    left_out = [
        (each.numerator, each.denominator) for each in amounts(conn, "electronic_decision_rate_excluding", *window)
    ]
    assert told == [(99.8, None), (855.0, 1000.0)]
    assert left_out == [(None, None), (855.0, 900.0)]
