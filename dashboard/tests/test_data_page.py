"""Figures brought through the data page, and datasets taken home from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person
from shigotoba_backend.accounts.roles import Action, Grant, Role, allows
from shigotoba_dashboard.changes import ChangeRefusedError
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.visitors import EVERYBODY, Visitor

pytestmark = pytest.mark.integration

PAPER = "series=copy_paper_purchased"
SCANNED = "期間,購入枚数,特殊要因,特殊要因の内容\nR8.8,１２３４００,,\nR8.9,約12万,,\n".encode("cp932")


@pytest.fixture(scope="module")
def people(settled_office: Any) -> dict[Role, Visitor]:
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        return {role: _visitor(conn, role, settled_office) for role in (Role.FACILITY, Role.EXECUTIVE)}


def _visitor(conn: psycopg.Connection, role: Role, office: Any) -> Visitor:
    grants = (Grant(role),)
    new = NewPerson(role.value, role.value, office.site, grants=grants)
    number = create_person(conn, new, COMMAND, office.now - timedelta(days=1))
    return Visitor(role.value, number, partial(allows, grants))


@pytest.fixture(scope="module")
def clerk(people: dict[Role, Visitor]) -> Visitor:
    return people[Role.FACILITY]


def shown(house: House, address: str, visitor: Visitor) -> str:
    drawn = house.show("/dashboard/data", f"?{address}", visitor)
    return json.dumps(json.loads(to_json(drawn.content)), ensure_ascii=False)


def typed(**fields: str) -> Sent:
    return Sent({"series": "copy_paper_purchased", "source": "納品書", **fields})


def look(house: House, visitor: Visitor, sent: Sent) -> str:
    """Sends figures to be looked at; the query of the page that shows them."""
    address = house.change("data", "show", sent, visitor).address
    assert address is not None
    return urlsplit(address).query


def keep(house: House, visitor: Visitor, query: str, reason: str = "") -> str:
    """Says that what is shown is to be kept, with the token that stands on the page."""
    page = house.show("/dashboard/data", f"?{query}", visitor)
    fields: Any = json.loads(to_json(page.content))
    token = next(field["value"] for field in _inputs(fields) if field["name"] == "token")
    return house.change(
        "data", "keep", Sent({**dict(parse_qsl(query)), "token": token, "reason": reason}), visitor
    ).told


def _inputs(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for each in part:
            yield from _inputs(each)
    elif isinstance(part, dict):
        if part.get("type") == "Input" and part["props"].get("type") == "hidden":
            yield part["props"]
        yield from _inputs(part.get("props", {}).get("children"))


def test_a_file_is_looked_at_kept_and_corrected_with_the_old_figure_beside_it(settled_house: House, clerk: Visitor):
    sent = Sent({"series": "copy_paper_purchased", "source": "納品書", "file_name": "紙.csv"}, {"file": SCANNED})
    query = look(settled_house, clerk, sent)
    assert "新規2件、訂正0件" in shown(settled_house, query, clerk)
    assert "まだ数値は登録されていません" in shown(settled_house, PAPER, clerk)
    assert keep(settled_house, clerk, query) == "登録しました：新規2件、訂正0件、変更なし0件。"

    again = look(settled_house, clerk, typed(period="2026-09", value="11万9,500枚"))
    assert "新規0件、訂正1件" in shown(settled_house, again, clerk)
    with pytest.raises(ChangeRefusedError, match="1件を訂正します"):
        keep(settled_house, clerk, again)
    keep(settled_house, clerk, again, "検収書との照合")

    _filters, corrected = settled_house.records("data", PAPER, "figures-corrected", clerk)
    period, before, after, _at, by, reason = corrected.rows[0]
    assert (period, before, after) == ("2026-09", 120_000, 119_500)
    assert (by, reason) == (f"職員番号{clerk.person_id}", "検収書との照合")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"period": "2026-08", "value": "たくさん"}, "たくさん"),
        ({"period": "2026-08", "value": "▲5"}, "負"),
        ({"period": "いつか", "value": "5"}, "いつか"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_value_and_is_not_kept(
    settled_house: House, clerk: Visitor, fields: dict[str, str], told: str
):
    text = shown(settled_house, look(settled_house, clerk, typed(**fields)), clerk)
    assert "1か所を読み取れません" in text
    assert told in text
    assert "登録する" not in text


def test_a_figure_without_a_source_a_value_or_a_readable_file_is_refused(settled_house: House, clerk: Visitor):
    for sent, told in (
        (typed(period="2026-08", value="5", source=""), "出典"),
        (typed(), "ファイルを選ぶか"),
        (Sent(typed().fields, {"file": b"\x00\x01"}), "."),
    ):
        with pytest.raises(ChangeRefusedError, match=told):
            settled_house.change("data", "show", sent, clerk)


def test_nobody_else_sees_or_keeps_what_somebody_has_brought(settled_house: House, people: dict[Role, Visitor]):
    query = look(settled_house, people[Role.FACILITY], typed(period="2026-07", value="5"))
    assert "変更内容の確認" not in shown(settled_house, query, people[Role.EXECUTIVE])
    with pytest.raises(NotForYouError):
        settled_house.change("data", "keep", Sent(dict(parse_qsl(query))), people[Role.EXECUTIVE])


def test_a_figure_about_few_people_is_shown_to_who_brings_figures_alone(
    settled_office: Any, settled_house: House, people: dict[Role, Visitor]
):
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO shigotoba.section (code, name, name_en) VALUES ('few', '', '') ON CONFLICT DO NOTHING"
        )
        conn.execute(
            "INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people) SELECT site_id, section_id,"
            " floor_id, '2026-04-01', 3 FROM shigotoba.floor, shigotoba.section LIMIT 1 ON CONFLICT DO NOTHING"
        )
    clerk, executive = people[Role.FACILITY], people[Role.EXECUTIVE]
    brought = typed(series="telework_rate", period="2026-05", value="37.3%")
    keep(settled_house, clerk, look(settled_house, clerk, brought))
    seen = ["37.3" in shown(settled_house, "series=telework_rate", visitor) for visitor in (clerk, executive)]
    assert seen == [True, False]


def test_who_brings_figures_of_a_site_brings_none_of_the_whole_whatever_may_be_seen(
    settled_house: House, clerk: Visitor
):
    def may(action: Action, site: str | None) -> bool:
        return allows((Grant(Role.FACILITY, "honcho"), Grant(Role.EXECUTIVE)), action, site)

    both = Visitor("both", clerk.person_id, may)
    for scope, brings in (("organisation:main", False), ("site:honcho", True)):
        assert ("changes/data/show" in shown(settled_house, f"{PAPER}&scope={scope}", both)) == brings
    with pytest.raises(ChangeRefusedError, match="施設担当"):
        settled_house.change("data", "show", typed(period="2026-08", value="5", scope="organisation:main"), both)


def test_without_the_role_there_is_no_form_and_without_signing_in_no_change(settled_house: House):
    text = shown(settled_house, PAPER, EVERYBODY)
    assert "数値は施設担当が登録します" in text
    assert "changes/data" not in text
    with pytest.raises(NotForYouError):
        settled_house.change("data", "show", typed(period="2026-08", value="5"), EVERYBODY)


def test_a_dataset_is_the_apis_own_file_and_is_noted(settled_office: Any, serve: Any):
    with serve(settled_office) as address:
        files = f"{address}/dashboard/files"
        csv = httpx2.get(f"{files}/datasets/published_figures/csv-bom?period=FY2026", timeout=60)
        assert csv.content.startswith(b"\xef\xbb\xbforganisation,")
        assert "attachment" in csv.headers["content-disposition"]
        assert httpx2.get(f"{files}/datasets/published_figures/dictionary", timeout=60).status_code == 200
        assert httpx2.get(f"{files}/datasets/salaries/csv", timeout=60).status_code == 404
        assert "期間" in httpx2.get(f"{files}/forms/copy_paper_purchased", timeout=60).content.decode("utf-8-sig")
    with psycopg.connect(settled_office.database) as conn:
        noted = conn.execute("SELECT object FROM shigotoba.audit_log WHERE action = 'export.download'").fetchall()
    assert ("dataset:published_figures",) in noted
