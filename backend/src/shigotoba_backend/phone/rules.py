"""The rules for booking, for those who manage a site: what is said where and for which days, and saying something new.

A rule that is left empty is as above it: a booth's as its zone's, a zone's as the site's, a site's as the
organisation's.

Responsible for the page. Refuses to check rules (see ``bookings.policies``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import Response

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import actor_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.policies import (
    Days,
    Scope,
    drop_organisation_policy,
    drop_policy,
    policies_of,
    set_organisation_policy,
    set_policy,
)
from shigotoba_backend.bookings.rules import Rules, booths_of
from shigotoba_backend.phone.dates import day_of
from shigotoba_backend.phone.here import Here, Visit
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.rule_names import GROUPS, NAMES, WORDS, YES_OR_NO
from shigotoba_backend.phone.taking import WORDS as SAYABLE

router = APIRouter(prefix="/s/{site}/rules")

_DEFAULTS: Final[Mapping[str, Any]] = {field.name: field.default for field in msgspec.structs.fields(Rules)}
_ANSWERS: Final[Mapping[str, bool]] = {"yes": True, "no": False}
_NO_LIMIT: Final = "none"
_ORGANISATION: Final = "organisation"


async def _sent(request: Request) -> dict[str, str]:
    """The rules of the form that say something."""
    form = await request.form()
    return {name: value for name in NAMES if isinstance(value := form.get(name), str) and value.strip()}


@router.get("")
def rules(here: Visit) -> Response:
    """The page."""
    here.demand(Action.MANAGE_SITE)
    booths = booths_of(here.conn, here.site.code, here.now)
    said = policies_of(here.conn, here.site.code)
    return page(
        here, "rules.html", said=said, groups=GROUPS, names=NAMES, defaults=_DEFAULTS, kinds=_kinds(),
        words=WORDS, choices=_choices(), booths=booths,
        zones=sorted({each.zone for each in booths if each.zone}), above=_everywhere(here),
        mine={each.policy_id for each in said if each.place != _ORGANISATION or _everywhere(here)},
        last_days={each.policy_id: each.beyond - timedelta(days=1) for each in said if each.beyond},
    )  # fmt: skip


@router.post("")
def say(
    here: Visit,
    sent: Annotated[dict[str, str], Depends(_sent)],
    place: Annotated[str, Form(max_length=70, pattern=SAYABLE)] = "site:",
    first: Annotated[str, Form(max_length=10)] = "",
    last: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Says something for a place and some days, the last one included."""
    here.demand(Action.MANAGE_SITE)
    wanted = {name: _value(name, text) for name, text in sent.items()}
    if not wanted:
        raise ProblemError(422, "no_rules")
    days = (day_of(first) if first else None, day_of(last) + timedelta(days=1) if last else None)
    with here.conn.transaction():
        policy_id = _put(here, place, days, wanted)
        told = {"place": place, "first": first or None, "last": last or None, "rules": wanted}
        record(here.conn, actor_of(here.request, here.person), _deed("policy.set", here, policy_id, place, after=told))
    return seen(f"/s/{here.site.code}/rules")


@router.post("/{policy_id}/drop")
def take_back(
    here: Visit,
    policy_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    place: Annotated[str, Form(max_length=70, pattern=SAYABLE)] = "site:",
) -> Response:
    """Takes it back."""
    here.demand(Action.MANAGE_SITE)
    with here.conn.transaction():
        if place == _ORGANISATION:
            _demand_everywhere(here)
            before = drop_organisation_policy(here.conn, here.person.organisation, policy_id)
        else:
            before = drop_policy(here.conn, here.site.code, policy_id)
        deed = _deed("policy.drop", here, policy_id, place, before=before)
        record(here.conn, actor_of(here.request, here.person), deed)
    return seen(f"/s/{here.site.code}/rules")


def _put(here: Here, place: str, days: Days, wanted: Mapping[str, object]) -> int:
    kind, _, code = place.partition(":")
    if kind == _ORGANISATION:
        _demand_everywhere(here)
        return set_organisation_policy(here.conn, here.person.organisation, days, wanted)
    scope = Scope(here.site.code, code if kind == "zone" else None, code if kind == "booth" else None)
    return set_policy(here.conn, scope, days, wanted)


def _deed(action: str, here: Here, policy_id: int, place: str, **values: Mapping[str, object]) -> Deed:
    site = None if place == _ORGANISATION else here.site.code
    return Deed(action, f"policy:{policy_id}", site, values.get("before"), values.get("after"))


def _everywhere(here: Here) -> bool:
    return here.person.may(Action.MANAGE_SITE, None)


def _demand_everywhere(here: Here) -> None:
    if not _everywhere(here):
        raise ProblemError(403, "not_permitted", {"action": Action.MANAGE_SITE.value})


def _value(name: str, text: str) -> object:
    """What a field says; anything that is no value is left to the check of the rules."""
    if isinstance(_DEFAULTS[name], bool):
        return _ANSWERS.get(text, text)
    if text == _NO_LIMIT:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _kinds() -> dict[str, str]:
    """How each number is typed in: as a number, or as a number or no limit."""
    limits = {"concurrent", "day_count", "day_hours", "week_count", "week_hours"}
    return {name: "limit" if name in limits else "number" for name in _DEFAULTS}


def _choices() -> dict[str, Mapping[str, str]]:
    """The words to choose from, of each rule that is no number."""
    yes_or_no = {name: YES_OR_NO for name, default in _DEFAULTS.items() if isinstance(default, bool)}
    return {**yes_or_no, **WORDS}
