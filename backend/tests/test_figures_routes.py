"""Exports, indicators and plans over HTTP, and every dataset through the 30 points."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.exports.datasets import DATASETS, Asked
from shigotoba_backend.exports.dictionary import Layout
from shigotoba_backend.exports.formats import FORMS
from shigotoba_backend.exports.indicators import indicator_row, periods_of, values_told
from shigotoba_backend.exports.making import TooLongError, export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.exports.readability.rules import broken
from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.desk import Brought, understand_rows
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.indicators.bases import draft_base, publish_base
from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.plans.cards import read_programmes
from shigotoba_backend.plans.keeping import import_programme
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 21, tzinfo=UTC)
APRIL = {"first": "2026-04-01", "last": "2026-05-31"}
HERE = "/api/v1/sites/honcho"


@pytest.fixture
def figures(conn: psycopg.Connection, small_site: SiteFile) -> SiteFile:
    """Use, printing, imported figures and programmes of April and May 2026."""
    conn.execute(
        "INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)"
        " SELECT space_id, bucket, 300, 600, 0 FROM shigotoba.space,"
        " generate_series('2026-04-06 09:00+09', '2026-04-08 11:00+09', interval '1 day') AS bucket"
        " WHERE kind <> 'equipment'"
    )
    conn.execute(
        "INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)"
        " SELECT device_id, '2026-04-06 09:00+09', 12 FROM shigotoba.device WHERE kind = 'mfp'"
    )
    conn.execute(
        "INSERT INTO shigotoba.booth_session SELECT space_id, '[2026-04-06 09:00+09, 2026-04-06 09:20+09)'"
        " FROM shigotoba.space WHERE kind = 'booth'"
    )
    conn.execute(
        "INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)"
        " SELECT device_id, 'fax_sent', '2026-04-06 09:00+09', '2026-04-06 09:10+09', 5, 5005, 5000, 'too_fast'"
        " FROM shigotoba.device WHERE kind = 'mfp'"
    )
    rows = [{"period": "R8.4", "value": "約12万3,400枚"}, {"period": "R8.5", "value": "0", "note": "①回収"}]
    brought = Brought(series("copy_paper_purchased"), Scope("site", "honcho"), "契約課")
    understood = understand_rows(conn, brought, rows, date(2026, 11, 21))
    keep(conn, understood.preview, Origin(form="rest"), COMMAND, "", NOW)
    data = files("shigotoba_backend.reference").joinpath("programmes.toml").read_bytes()
    for programme in read_programmes(data, REGISTRY):
        import_programme(conn, "main", programme, COMMAND, NOW)
    return small_site


def asked(**more: object) -> Asked:
    told = {"organisation": "main", "site": "honcho", "first": date(2026, 4, 1), "last": date(2026, 5, 31), "now": NOW}
    return Asked(**(told | more))


def test_every_dataset_keeps_the_thirty_points_in_every_format(
    conn: psycopg.Connection, figures: SiteFile, tmp_path: Path
) -> None:
    keys = ("copy_paper_purchased", "copy_paper_change", "seat_utilisation", "impressions")
    for name in DATASETS:
        rows = set()
        for form in FORMS:
            made = export(conn, name, form, asked(keys=keys), COMMAND, tmp_path)
            assert broken(opened(form, made.path), made.layout, made.facts) == {}, (name, form)
            rows.add(made.made.rows)
        assert len(rows) == 1
        assert rows.pop() > 0, name
    logged = conn.execute("SELECT count(*) FROM shigotoba.audit_log WHERE action = 'export.download'").fetchone()
    assert logged == (len(DATASETS) * len(FORMS),)


def test_the_layout_of_a_dataset_is_the_one_that_was_published() -> None:
    """A change of columns needs a new version with a line of history, and this line."""
    told: dict[str, Layout] = {name: dataset.layout for name, dataset in DATASETS.items()}
    assert {name: (layout.version, len(layout.columns)) for name, layout in told.items()} == {
        "indicators": (2, 23),
        "floor_use": (1, 7),
        "floor_use_by_hour": (1, 7),
        "floor_use_by_quarter": (1, 7),
        "space_use": (2, 8),
        "space_use_by_hour": (1, 8),
        "space_use_by_quarter": (2, 8),
        "booth_stays": (2, 8),
        "printing": (1, 6),
        "printing_by_hour": (1, 6),
        "held_rises": (1, 13),
        "imported_figures": (1, 15),
        "published_figures": (2, 14),
        "initiatives": (1, 9),
    }


def test_few_seats_are_not_exported_by_floor_and_zero_is_not_blank(
    conn: psycopg.Connection, figures: SiteFile, tmp_path: Path
) -> None:
    made = export(conn, "floor_use", "json", asked(), COMMAND, tmp_path)
    assert {row[3] for row in opened("json", made.path).rows} == {"booth"}
    by_quarter = (("floor_use_by_quarter", 3), ("space_use_by_quarter", 4))
    for dataset, kind in (("floor_use_by_hour", 3), ("space_use", 4), ("space_use_by_hour", 4), *by_quarter):
        made = export(conn, dataset, "json", asked(), COMMAND, tmp_path)
        assert {row[kind] for row in opened("json", made.path).rows} == {"booth"}, dataset
    made = export(conn, "imported_figures", "csv", asked(), COMMAND, tmp_path)
    april, may = opened("csv", made.path).rows
    assert (april[6], april[8], may[6], may[8], may[12]) == ("123400", "true", "0", "false", "(1)回収")
    with pytest.raises(TooLongError, match="at most 3660 days"):
        export(conn, "printing", "csv", asked(first=date(1999, 1, 1)), COMMAND, tmp_path)
    for dataset, _ in by_quarter:
        with pytest.raises(TooLongError, match="at most 92 days"):
            export(conn, dataset, "csv", asked(first=date(2026, 2, 1)), COMMAND, tmp_path)


def test_indicators_exported_together_are_those_asked_for_one_by_one(
    conn: psycopg.Connection, figures: SiteFile
) -> None:
    keys = ("impressions", "copies", "seat_utilisation", "seat_peak", "copy_paper_purchased", "copy_paper_change")
    scopes = [
        Scope.parse(told) for told in ("organisation:main", "site:honcho", "floor:honcho/3f", "seat_type:honcho/focus")
    ]
    alone = [
        indicator_row(value)
        for key in keys
        for scope in scopes
        if scope.kind in REGISTRY[key].scopes
        for basis in REGISTRY[key].bases
        for value in indicator_values(
            conn, key, scope, periods_of(basis, date(2026, 4, 1), date(2026, 5, 31)), basis, NOW
        )
        if value.reason != "not_here"
    ]
    together = list(values_told(conn, keys, scopes, (date(2026, 4, 1), date(2026, 5, 31)), NOW))
    assert repr(together) == repr(alone)
    assert any(row[6] is not None for row in together)


def test_a_file_is_downloaded_with_its_dictionary_and_only_by_whoever_may(web: Doors, figures: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    for form, begins in (("csv-bom", b"\xef\xbb\xbfseries,"), ("xlsx", b"PK"), ("parquet", b"PAR1"), ("json", b"[")):
        answer = client.get(f"{HERE}/exports/imported_figures", params=APRIL | {"format": form})
        assert (answer.status_code, answer.headers["X-Rows"]) == (200, "2"), answer.text
        assert answer.content.startswith(begins)
    assert "imported_figures_honcho_20260401_20260531.json" in answer.headers["Content-Disposition"]
    described = client.get(f"{HERE}/exports/printing/dictionary/codes").content.decode("utf-8-sig")
    assert "brick:Usage_Sensor" in described
    assert web.signed_in("staff").get(f"{HERE}/exports/printing", params=APRIL).status_code == 403
    executive = web.signed_in("executive", Role.EXECUTIVE, site="honcho")
    assert executive.get(f"{HERE}/exports/printing", params=APRIL).status_code == 403


REFUSED = [
    ("exports/nothing", APRIL, "no_such_dataset"),
    ("exports/printing", {"first": "2026-04-02", "last": "2026-04-01"}, "ends_before_it_begins"),
    ("exports/printing", {"first": "1990-04-02", "last": "2026-04-01"}, "too_many_days"),
    ("exports/indicators", APRIL | {"indicators": "nothing"}, "no_such_indicator"),
    ("exports/printing", APRIL | {"format": "pdf"}, "not_understood"),
    ("indicators/nothing/references", {}, "no_such_indicator"),
    ("indicators/impressions/values", APRIL | {"basis": "survey"}, "not_told_so"),
    ("indicators/impressions/values", APRIL | {"basis": "single_month", "scope": "site:other"}, "no_such_place"),
    ("plans/koganei-dx/initiatives/nothing", {}, "no_such_initiative"),
]


def test_what_cannot_be_is_refused_with_a_reason(web: Doors, figures: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    for address, params, code in REFUSED:
        answer = client.get(f"{HERE}/{address}", params=params)
        assert (answer.status_code >= 400, answer.json()["code"]) == (True, code), address


def test_indicators_are_told_with_everything_beside_them(web: Doors, figures: SiteFile) -> None:
    client = web.signed_in("executive", Role.EXECUTIVE, site="honcho")
    offered = {each["key"]: each for each in client.get(f"{HERE}/indicators").json()}
    assert set(offered) == set(REGISTRY)
    assert (offered["sheets"]["small_cells"], offered["impressions_change"]["of"]) == ("printers", "impressions")
    assert offered["duplex_share"]["anchor"] == "P6"
    wanted = APRIL | {"basis": "fiscal_year_to_date"}
    (april, may) = client.get(f"{HERE}/indicators/copy_paper_purchased/values", params=wanted).json()
    assert (april["period"], april["value"], april["unit"], april["estimate"]) == (
        "FY2026/2026-04",
        123400,
        "sheets",
        True,
    )
    assert (may["period"], may["value"]) == ("FY2026/2026-05", 123400)
    lines = client.get(f"{HERE}/indicators/electronic_decision_rate/references").json()
    fukuoka = [(each["period"], each["value"], each["basis"]) for each in lines if each["organisation"] == "福岡県"]
    assert fukuoka == [("FY2022", 8.4, "fiscal_year"), ("2023-10", 86.3, "single_month")]


def test_files_and_answers_say_which_months_are_compared_and_what_the_base_is(
    web: Doors, figures: SiteFile, tmp_path: Path
) -> None:
    then = [Amount(first=date(2019, number, 1), months=1, numerator=100_000) for number in (5, 7, 8)]
    draft = draft_base(web.conn, "copy_paper_purchased", "site:honcho", 2019, then)
    client = web.signed_in("executive", Role.EXECUTIVE, site="honcho")
    wanted = APRIL | {"basis": "fiscal_year_to_date"}
    april, may = client.get(f"{HERE}/indicators/copy_paper_change/values", params=wanted).json()
    assert (april["reason"], april["base_months"], april["base_published"]) == ("no_common_months", None, None)
    assert (may["value"], may["base_months"], may["base_published"], may["base_estimate"]) == (
        *(-100, "2019-05", False, False),
    )
    publish_base(web.conn, draft, "総務課", NOW)
    made = export(web.conn, "indicators", "csv", asked(keys=("copy_paper_purchased",)), COMMAND, tmp_path)
    column = made.layout.header.index("base_months")
    told = {(row[5], row[column], row[column + 1]) for row in opened("csv", made.path).rows if row[column]}
    assert ("single_month", "2019-05; 2019-07/2019-08", "true") in told


def test_a_card_is_edited_over_http_and_its_effect_asked_for(web: Doors, figures: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    shown = {each["code"]: each for each in client.get(f"{HERE}/plans").json()}
    assert shown["sendai-tekisei"]["years"] == [2023, 2024, 2025, 2026]
    assert shown["koganei-dx"]["statuses"]["partly_under_way"] == 6
    address = f"{HERE}/plans/tokyo-somu/initiatives/7-payslips"
    kept = client.get(address).json()
    changed = kept["card"] | {"status": "done", "effective_from": "2026-02-01", "indicators": ["copy_paper_purchased"]}
    body = {"seen_version": 1, "reason": "完了", "card": changed}
    assert client.put(address, json=body).json() == {"version": 2}
    assert client.put(address, json=body).json()["code"] == "edited_meanwhile"
    assert client.get(f"{address}/history").json()[0]["reason"] == "完了"
    (effect,) = client.get(f"{address}/effects", headers={"Accept-Language": "ja"}).json()
    assert (effect["verdict"], effect["scope"]) == ("cannot_tell", "site:honcho")
    assert effect["words"][0] == "コピー用紙購入量について、まだ結論は出せません。"
    unknown = body | {"seen_version": 2, "card": changed | {"indicators": ["nothing"]}}
    assert client.put(address, json=unknown).json()["code"] == "no_such_link"
    executive = web.signed_in("executive", Role.EXECUTIVE, site="honcho")
    assert executive.put(address, json=body).status_code == 403
