"""Everything about me: delegates, calendar, messages, sites, the survey, my data, signing out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response

from shigotoba_backend.accounts import links
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.accounts.seeking import names_of
from shigotoba_backend.api.asking import actor_of, services_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.delegates import allow_delegate, delegates_of, drop_delegate
from shigotoba_backend.phone import ratings
from shigotoba_backend.phone.here import Here, Visit
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import Words
from shigotoba_backend.texts import message

router = APIRouter()

_CALENDAR: Final = "person_calendar"
_DESK: Final = (
    (Action.MANAGE_BOOKINGS, "/s/{}/desk", message("What waits for a decision")),
    (Action.CLOSE_PLACES, "/s/{}/closures", message("Closures")),
    (Action.PRINT_SHEETS, "/s/{}/sheets.pdf", message("QR sheets for the booths (PDF)")),
    (Action.MANAGE_SITE, "/s/{}/rules", message("Rules for booking")),
    (Action.MANAGE_PEOPLE, "/s/{}/people", message("Accounts")),
)
"""What the pages for those who keep a site need, and where they are."""
Number = Annotated[int, Form(ge=1, le=2**31 - 1)]
Score = Annotated[int, Form(ge=1, le=5)]


@router.get("/me")
def me(here: Visit) -> Response:
    """The page."""
    return _page(here)


@router.post("/me/calendar")
def calendar(here: Visit) -> Response:
    """A new address for my calendar; shown once, the former one is worthless from now on."""
    secret = links.make(here.conn, _CALENDAR, here.person.person_id, here.now)
    return _page(here, calendar=f"{services_of(here.request).settings.base}/ics/person/{secret}.ics")


@router.post("/me/calendar/stop")
def no_calendar(here: Visit) -> Response:
    """No calendar any more."""
    links.revoke(here.conn, _CALENDAR, here.person.person_id)
    return seen("/me#calendar")


@router.post("/me/delegates")
def delegate(here: Visit, login: Words) -> Response:
    """Lets a colleague book for me."""
    colleague = person_by_login(here.conn, login, here.now)
    if colleague is None or colleague.organisation != here.person.organisation:
        raise ProblemError(404, "no_such_colleague", {"login": login})
    allow_delegate(here.conn, (here.asker, actor_of(here.request, here.person)), colleague.person_id, here.now)
    return seen("/me#delegates")


@router.post("/me/delegates/drop")
def no_delegate(here: Visit, person_id: Number) -> Response:
    """Takes that back."""
    drop_delegate(here.conn, (here.asker, actor_of(here.request, here.person)), person_id)
    return seen("/me#delegates")


@router.post("/survey/{survey_id}")
def survey(here: Visit, survey_id: int, satisfied: Score, environment: Score, communication: Score) -> Response:
    """Answers the survey of the office, once."""
    here.demand(Action.ANSWER_SURVEYS)
    if ratings.open_survey(here.conn, here.site.code, here.shown.today, here.person.person_id) != survey_id:
        raise ProblemError(409, "survey_closed")
    scores: dict[ratings.Question, int] = {
        "satisfied": satisfied,
        "environment": environment,
        "communication": communication,
    }
    ratings.answer(here.conn, survey_id, here.person.person_id, scores)
    return seen("/me?thanks=1#survey")


def _page(here: Here, **values: Any) -> Response:
    delegates = delegates_of(here.conn, here.person.person_id)
    known: dict[str, Any] = {
        "calendar": "",
        "has_calendar": links.exists(here.conn, _CALENDAR, here.person.person_id),
        "delegates": names_of(here.conn, delegates),
        "sites": sorted(here.person.sites),
        "survey": ratings.open_survey(here.conn, here.site.code, here.shown.today, here.person.person_id),
        "questions": ratings.QUESTIONS,
        "scores": ratings.SCORES,
        "thanks": here.request.query_params.get("thanks"),
        "push_key": services_of(here.request).push_key,
        "desk": [(address.format(here.site.code), name) for action, address, name in _DESK if here.may(action)],
    }
    return page(here, "me.html", **(known | values))
