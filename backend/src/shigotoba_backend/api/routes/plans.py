"""Reform programmes over HTTP: cards with their history, the schedule, and what the initiatives have changed."""

from __future__ import annotations

from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed, allowed_everywhere
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.effects.model import Effect
from shigotoba_backend.effects.questions import Answer, effects_of
from shigotoba_backend.effects.words import words
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.plans.cards import STATUS_NAMES, Card, PlanFileError, Programme, check_indicators
from shigotoba_backend.plans.keeping import (
    EditedMeanwhileError,
    Kept,
    UnknownInitiativeError,
    Version,
    Writing,
    edit,
    import_programme,
    initiative,
    initiatives,
    programmes,
    versions,
)
from shigotoba_backend.plans.schedule import bars, status_counts, years_of
from shigotoba_backend.texts import Texts, message

router = APIRouter(prefix="/sites/{site}/plans", tags=["plans"])
organisation_router = APIRouter(prefix="/plans", tags=["plans"])

REASONS["no_such_initiative"] = message("There is no initiative “{initiative}” in the programme “{programme}”.")
REASONS["edited_meanwhile"] = message(
    "Somebody has edited this since you opened it. Open it again; your text is not lost."
)
REASONS["no_such_link"] = message("The card cannot be taken: {complaint}")
REASONS["other_code"] = message("The card is called “{card}”, but “{initiative}” is being edited.")

MaySee = Annotated[Access, Depends(allowed(Action.SEE_FIGURES))]
MayEdit = Annotated[Access, Depends(allowed(Action.MANAGE_PLANS))]
MayImport = Annotated[Access, Depends(allowed_everywhere(Action.MANAGE_PLANS))]
Code = Annotated[str, Path(min_length=1, max_length=100)]


class BarShown(BaseModel):
    """A bar of the schedule."""

    code: str
    name: str
    first_year: int
    last_year: int
    began_before: bool
    goes_on: bool


class ProgrammeShown(BaseModel):
    """A programme: how many initiatives are in which status, and its schedule."""

    code: str
    name: str
    owner: str
    source: str
    statuses: dict[str, int]
    status_names: dict[str, str]
    years: list[int]
    bars: list[BarShown]


class Edited(BaseModel):
    """The version that was written."""

    version: int


class Editing(BaseModel):
    """A card to take the place of the version that was seen."""

    seen_version: int = Field(ge=1)
    reason: str = Field(min_length=1, max_length=500)
    card: Card


class ImportDone(BaseModel):
    """What an import did."""

    programme: str
    new: int
    changed: int
    same: int


class EffectShown(BaseModel):
    """The effect on one indicator at one place, in numbers and in words."""

    indicator: str
    scope: str
    verdict: str
    method: str
    estimate: float | None
    low: float | None
    high: float | None
    per_cent: float | None
    months_before: int
    months_after: int
    per_open_day: bool
    cautions: tuple[str, ...]
    words: list[str]


@router.get("")
def offered(conn: Db, access: MaySee) -> list[ProgrammeShown]:
    """Every programme of the organisation."""
    return [_programme(conn, access, each.code) for each in programmes(conn, access.person.organisation)]


@router.get("/{programme}")
def cards(conn: Db, access: MaySee, programme: Code) -> list[Kept]:
    """The cards of a programme."""
    return initiatives(conn, access.person.organisation, programme)


@router.get("/{programme}/initiatives/{code}")
def card(conn: Db, access: MaySee, programme: Code, code: Code) -> Kept:
    """One card."""
    return _kept(conn, access, programme, code)


@router.get("/{programme}/initiatives/{code}/history")
def history(conn: Db, access: MaySee, programme: Code, code: Code) -> list[Version]:
    """Every version of a card, newest first."""
    return versions(conn, _kept(conn, access, programme, code))


@router.put("/{programme}/initiatives/{code}")
def change(conn: Db, now: Now, access: MayEdit, programme: Code, code: Code, body: Editing) -> Edited:
    """Writes the next version of a card."""
    kept = _kept(conn, access, programme, code)
    if body.card.code != code:
        raise ProblemError(422, "other_code", {"card": body.card.code, "initiative": code})
    _check_links([body.card])
    seen = Kept(kept.initiative_id, body.seen_version, kept.card, kept.at)
    if kept.version != body.seen_version:
        raise ProblemError(409, "edited_meanwhile", {"version": kept.version})
    try:
        return Edited(version=edit(conn, seen, programme, Writing(body.card, access.actor, body.reason, now)))
    except EditedMeanwhileError as error:
        raise ProblemError(409, "edited_meanwhile") from error


@router.get("/{programme}/initiatives/{code}/effects")
def effects(request: Request, conn: Db, now: Now, access: MaySee, programme: Code, code: Code) -> list[EffectShown]:
    """What the initiative has changed at this site, as far as it can be told."""
    kept = _kept(conn, access, programme, code)
    others = [each.card for each in initiatives(conn, access.person.organisation, programme)]
    texts = texts_for(request)
    found = effects_of(conn, kept.card, access.site, others, now)
    seen = (each for each in found if access.person.sees(each.indicator.seen_as(each.scope), access.site))
    return [_effect(each, texts) for each in seen]


@organisation_router.post("", status_code=201)
def bring(conn: Db, now: Now, access: MayImport, body: Programme) -> ImportDone:
    """Brings a programme; cards that are there already get a further version where they differ."""
    _check_links(body.cards)
    done = import_programme(conn, access.person.organisation, body, access.actor, now)
    return ImportDone(programme=done.programme, new=done.new, changed=done.changed, same=done.same)


def _programme(conn: psycopg.Connection, access: Access, code: str) -> ProgrammeShown:
    seen = next(each for each in programmes(conn, access.person.organisation) if each.code == code)
    its_cards = [kept.card for kept in initiatives(conn, access.person.organisation, code)]
    years = years_of(its_cards)
    names = BarShown.model_fields
    return ProgrammeShown(
        code=seen.code,
        name=seen.name,
        owner=seen.owner,
        source=seen.source,
        statuses={**status_counts(its_cards)},
        status_names={**STATUS_NAMES},
        years=list(years),
        bars=[BarShown(**{name: getattr(bar, name) for name in names}) for bar in bars(its_cards, years)],
    )


def _kept(conn: psycopg.Connection, access: Access, programme: str, code: str) -> Kept:
    try:
        return initiative(conn, access.person.organisation, programme, code)
    except UnknownInitiativeError as error:
        raise ProblemError(404, "no_such_initiative", {"programme": programme, "initiative": code}) from error


def _check_links(its_cards: list[Card]) -> None:
    try:
        check_indicators(its_cards, REGISTRY)
    except PlanFileError as error:
        raise ProblemError(422, "no_such_link", {"complaint": str(error)}) from error


def _effect(answer: Answer, texts: Texts) -> EffectShown:
    entry, effect = answer.indicator, answer.effect
    name = entry.name if texts.language == "ja" else entry.name_en
    same = set(EffectShown.model_fields) & set(Effect.__struct_fields__)
    told = words(effect, name, entry.unit, max(entry.decimals, 1), texts)
    return EffectShown(
        indicator=entry.key, scope=str(answer.scope), words=told, **{each: getattr(effect, each) for each in same}
    )
