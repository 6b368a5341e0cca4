"""Programmes over HTTP: brought, brought again, refused."""

from __future__ import annotations

import pytest

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

PLANS = "/api/v1/plans"
HERE = "/api/v1/sites/honcho"


def test_a_programme_is_brought_over_http_and_brought_again_changes_only_what_differs(
    web: Doors, small_site: SiteFile
) -> None:
    card = {"code": "phones", "title": "電話の見直し", "pillar": "働く場所", "status": "planned"}
    card |= {"responsible": ["管財課"], "first_year": 2026, "indicators": ["seat_utilisation"]}
    other = card | {"code": "lockers", "title": "ロッカーの整理"}
    programme = {"code": "plan", "name": "計画", "owner": "市", "source": "行動計画", "cards": [card, other]}
    client = web.signed_in("facility", Role.FACILITY)
    brought = client.post(PLANS, json=programme)
    assert (brought.status_code, brought.json()) == (201, {"programme": "plan", "new": 2, "changed": 0, "same": 0})
    again = client.post(PLANS, json=programme | {"cards": [card | {"status": "under_way"}, other]})
    assert again.json() == {"programme": "plan", "new": 0, "changed": 1, "same": 1}
    shown = {each["card"]["code"]: each for each in client.get(f"{HERE}/plans/plan").json()}
    assert (shown["phones"]["version"], shown["phones"]["card"]["status"]) == (2, "under_way")
    assert (shown["lockers"]["version"], shown["lockers"]["card"]["title"]) == (1, "ロッカーの整理")
    unknown = client.post(PLANS, json=programme | {"cards": [card | {"indicators": ["nothing"]}]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "no_such_link")
    assert client.post(PLANS, json={}).status_code == 422
    of_one_site = web.signed_in("honcho", Role.FACILITY, site="honcho")
    assert of_one_site.post(PLANS, json=programme).status_code == 403
