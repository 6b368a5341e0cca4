"""The site somebody looks at, and the person as the booking engine wants to know them.

Responsible for choosing the site: the one in the address, the one chosen last, the person's own, the first. Refuses to
ask the database for anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import psycopg
from fastapi import Depends, Request

from shigotoba_backend.accounts.people import Person
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Db, Now, Somebody, services_of
from shigotoba_backend.api.cookies import remembered_cookie
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.phone.formats import Shown
from shigotoba_backend.read.now import FloorInfo, SiteInfo, floors, site_info

SITE_COOKIE: Final = "site"


class SignInFirstError(Exception):
    """Nobody is signed in; the page to show afterwards is in ``back_to``, and ``sent`` says that a form was lost."""

    def __init__(self, back_to: str, sent: bool = False) -> None:
        super().__init__(back_to)
        self.back_to = back_to
        self.sent = sent


@dataclass(frozen=True)
class Here:
    """Who looks at which site, and when.

    Attributes:
        request: The request.
        conn: A connection.
        now: The present.
        person: Who looks.
        site: What at.
        shown: How times are written.
    """

    request: Request
    conn: psycopg.Connection
    now: datetime
    person: Person
    site: SiteInfo
    shown: Shown

    @property
    def asker(self) -> Asker:
        """The person, as the booking engine wants to know them."""
        return asker_of(self.person)

    @property
    def floors(self) -> list[FloorInfo]:
        """The site's floors, lowest first."""
        return floors(self.conn, self.site.code)

    def may(self, action: Action) -> bool:
        """Whether the person may do something here."""
        return self.person.may(action, self.site.code)

    def demand(self, action: Action) -> None:
        """Refuses whoever may not."""
        if not self.may(action):
            raise ProblemError(403, "not_permitted", {"action": action.value})

    def say(self, text: str, **values: str | int) -> str:
        """A text in the reader's language."""
        return self.shown.texts.say(text, **values)


def asker_of(person: Person) -> Asker:
    """A person as the booking engine wants to know them."""
    return Asker(person.person_id, person.sites_with(Action.MANAGE_BOOKINGS))


def _signed(request: Request, person: Somebody) -> Person:
    if person is None:
        if request.method != "GET":
            raise SignInFirstError("/", sent=True)
        raise SignInFirstError(f"{request.url.path}?{request.url.query}".removesuffix("?"))
    return person


def _here(request: Request, conn: Db, now: Now, person: Annotated[Person, Depends(_signed)]) -> Here:
    wanted = request.path_params.get("site") or request.query_params.get("site")
    if wanted is not None and wanted not in person.sites:
        raise ProblemError(404, "no_such_site", {"site": wanted})
    code = wanted or _remembered(request, person)
    if code is None or not person.may(Action.SEE_PLACES, code):
        raise ProblemError(403, "not_permitted", {"action": Action.SEE_PLACES.value})
    if wanted is not None:
        request.state.cookies.append(remembered_cookie(services_of(request).settings, SITE_COOKIE, quote(code)))
    request.state.site = code
    info = site_info(conn, code)
    return Here(request, conn, now, person, info, Shown(texts_for(request), ZoneInfo(info.time_zone), now))


def _remembered(request: Request, person: Person) -> str | None:
    candidates = (request.cookies.get(SITE_COOKIE), person.home_site, *sorted(person.sites))
    return next((site for site in candidates if site in person.sites), None)


Visit = Annotated[Here, Depends(_here)]


def site_name(here: Here, code: str | None = None) -> str:
    """The name of a site, this one unless another is asked for, in the reader's language."""
    site = here.site if code in (None, here.site.code) else site_info(here.conn, code)
    return site.name if here.shown.texts.language == "ja" else site.name_en


def floor_names(here: Here) -> dict[str, str]:
    """The floors' names in the reader's language, by code."""
    japanese = here.shown.texts.language == "ja"
    return {floor.code: floor.name if japanese else floor.name_en for floor in here.floors}
