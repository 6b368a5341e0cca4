"""Bringing figures over HTTP: shown, kept, corrected, asked for."""

from __future__ import annotations

import msgspec
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import grant_role, set_section
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.site.description import Section, SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

HERE = "/api/v1/sites/honcho/imports"
PAPER = f"{HERE}/copy_paper_purchased"


def send(client: TestClient, text: str, address: str = PAPER, **form: str) -> Response:
    files = {"file": ("用紙.csv", text.encode("cp932"), "text/csv")}
    return client.post(f"{address}/files", files=files, data={"source": "契約課"} | form)


def test_a_file_is_shown_kept_and_corrected(web: Doors, small_site: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    shown = send(client, '年度,購入枚数\nR4,"約5,695万枚"\n').json()
    assert (shown["new"], shown["changes"][0]["period_name"]) == (1, "2022年度（令和4年度）")
    assert client.get(f"{PAPER}/figures").json() == []
    assert send(client, '年度,購入枚数\nR4,"約5,695万枚"\n', token=shown["token"]).json() == {
        "new": 1,
        "corrected": 0,
        "same": 0,
    }
    corrected = "年度,購入枚数\nR4,56940000\n"
    again = send(client, corrected).json()
    assert again["changes"][0]["before"]["value"] == 56_950_000
    assert send(client, corrected, token=again["token"]).json()["code"] == "reason_wanted"
    assert send(client, corrected, token=again["token"], reason="二重計上").json()["corrected"] == 1
    (now, before) = client.get(f"{PAPER}/history", params={"period": "FY2022"}).json()
    assert (now["value"], now["reason"], before["value"], before["estimate"]) == (
        56_940_000,
        "二重計上",
        56_950_000,
        True,
    )
    assert (now["file_name"], now["recorded_by"]) == ("用紙.csv", web.person("facility"))


def test_problems_are_told_by_cell_in_the_language_asked_for_and_nothing_is_kept(
    web: Doors, small_site: SiteFile
) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    shown = send(client, "年度,購入枚数\nR4,十二万\nR3,5\n").json()
    assert [(each["row"], each["column"]) for each in shown["problems"]] == [(2, "購入枚数")]
    assert "漢数字" in shown["problems"][0]["message"]
    refused = send(client, "年度,購入枚数\nR4,十二万\nR3,5\n", token=shown["token"])
    assert (refused.status_code, refused.json()["code"]) == (422, "figures_have_problems")
    assert client.get(f"{PAPER}/figures").json() == []
    unread = send(client, "a,b\n1,2\n")
    assert "見出し" in unread.json()["detail"]


def test_figures_come_without_a_file_too_and_headings_are_remembered(web: Doors, small_site: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    rate = f"{HERE}/electronic_decision_rate"
    body = {"source": "文書課", "figures": [{"period": "R5.10", "value": "86.3％"}]}
    shown = client.post(f"{rate}/figures", json=body).json()
    assert client.post(f"{rate}/figures", json=body | {"token": shown["token"]}).json()["new"] == 1
    file = "年月,率(A),率(B)\nR5.11,1,87\n"
    assert send(client, file, rate).json()["code"] == "unreadable"
    token = send(client, file, rate, headings='{"value": "率"}').json()
    assert token["code"] == "unreadable"
    file = "年月,率A,率B\nR5.11,1,87\n"
    headings = '{"value": "率B"}'
    token = send(client, file, rate, headings=headings).json()["token"]
    assert send(client, file, rate, headings=headings, token=token).json()["new"] == 1
    assert send(client, file, rate).json()["changes"][0]["kind"] == "same"


def test_the_form_to_fill_in_is_itself_a_file_that_can_be_brought(web: Doors, small_site: SiteFile) -> None:
    client = web.signed_in("facility", Role.FACILITY, site="honcho")
    for offered in client.get(HERE).json():
        form = client.get(f"{HERE}/{offered['key']}/form.csv")
        assert form.content.startswith(b"\xef\xbb\xbf")
        files = {"file": ("form.csv", form.content, "text/csv")}
        found = client.post(f"{HERE}/{offered['key']}/files", files=files, data={"source": "x"}).json()
        assert "changes" in found, found


def test_who_may_not_import_cannot_and_other_scopes_are_the_organisations(web: Doors, small_site: SiteFile) -> None:
    assert send(web.signed_in("staff"), "年度,購入枚数\nR4,1\n").status_code == 403
    facility = web.signed_in("facility", Role.FACILITY, site="honcho")
    assert send(facility, "年度,購入枚数\nR4,1\n", scope="organisation:main").status_code == 403
    assert send(facility, "年度,購入枚数\nR4,1\n", scope="site:other").json()["code"] == "no_such_scope"
    assert send(facility, "年度,購入枚数\nR4,1\n", f"{HERE}/nothing").json()["code"] == "no_such_series"
    grant_role(web.conn, web.person("facility"), Grant(Role.EXECUTIVE), COMMAND, web.at)
    assert facility.get(f"{PAPER}/figures?scope=organisation:main").status_code == 200
    assert send(facility, "年度,購入枚数\nR4,1\n", scope="organisation:main").status_code == 403
    everywhere = web.signed_in("organisation", Role.ORGANISATION_ADMIN)
    assert send(everywhere, "年度,購入枚数\nR4,1\n", scope="organisation:main").json()["new"] == 1


def test_an_officer_with_a_role_at_one_site_sees_the_own_section_and_no_other(web: Doors, small_site: SiteFile) -> None:
    own, other = Section("zeimu", "税務課", "Tax"), Section("somu", "総務課", "General affairs")
    import_site(web.conn, msgspec.structs.replace(small_site, sections=[own, other]))
    officer = web.signed_in("officer", Role.DEPARTMENT, site="honcho", home_site="honcho")
    set_section(web.conn, web.person("officer"), "zeimu", COMMAND)
    seen = {
        each: officer.get(f"{PAPER}/figures?scope={each}").status_code
        for each in ("section:main/zeimu", "section:main/somu", "organisation:main")
    }
    assert seen == {"section:main/zeimu": 200, "section:main/somu": 403, "organisation:main": 403}
    noted = "SELECT site.code FROM shigotoba.audit_log JOIN shigotoba.site USING (site_id) WHERE action = %s"
    assert web.conn.execute(noted, ["person.section"]).fetchall() == [("honcho",)]
