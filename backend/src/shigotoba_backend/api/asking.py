"""Who asks, when, and with which connection: what an endpoint can have injected.

Responsible for these dependencies. Refuses to decide what a role allows (see ``accounts.roles``).
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

import psycopg
from fastapi import Depends, Path, Request
from fastapi.concurrency import contextmanager_in_threadpool

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import Actor
from shigotoba_backend.accounts.people import Person, person_by_id
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.changes import Changes
from shigotoba_backend.api.cookies import SESSION_LIFE, session_cookie, session_secret
from shigotoba_backend.api.limits import Limiter
from shigotoba_backend.api.pool import Pool
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.enrolment.settings import EnrolmentSettings

Clock = Callable[[], datetime]
_BEARER: Final = "bearer "


@dataclass(frozen=True)
class Services:
    """What the application was built with; ``request.app.state.services``.

    Attributes:
        settings: The block ``[web]``.
        clock: The present, aware.
        pool: Connections.
        limiter: What has been asked lately.
        conninfo: For whoever needs a connection of its own, such as a listener.
        changes: What has changed at booths.
        enrolment: The block ``[enrolment]``, where gateways get certificates here.
        push_key: Our public key for push messages, as browsers want it; "" where there are none.
    """

    settings: WebSettings
    clock: Clock
    pool: Pool
    limiter: Limiter
    conninfo: str
    changes: Changes
    enrolment: EnrolmentSettings | None = None
    push_key: str = ""


def services_of(request: Request) -> Services:
    """The services of the application that serves ``request``."""
    services: Services = request.app.state.services
    return services


async def _connection(request: Request) -> AsyncIterator[psycopg.Connection]:
    pool = services_of(request).pool
    async with pool.turn(), contextmanager_in_threadpool(pool.borrow()) as conn:
        yield conn


def _now(request: Request) -> datetime:
    return services_of(request).clock()


#: Given back before the answer goes out, so that a slow reader holds no connection.
Db = Annotated[psycopg.Connection, Depends(_connection, scope="function")]
Now = Annotated[datetime, Depends(_now)]


def _limit(request: Request) -> None:
    """Counts the request against its session, or against its address when it has none."""
    services = services_of(request)
    secret = secret_of(request)
    if secret:
        key, per_minute = sessions.digest_of(secret).hex(), services.settings.session_requests_per_min
    else:
        key, per_minute = address_of(request), services.settings.address_requests_per_min
    if wait_s := services.limiter.wait_s(key, per_minute, time.monotonic()):
        raise too_many(wait_s)


def too_many(wait_s: float, code: str = "too_many_requests") -> ProblemError:
    """The refusal of somebody who should wait."""
    whole_s = max(1, round(wait_s + 0.5))
    return ProblemError(429, code, {"retry_after_s": whole_s}, headers={"Retry-After": str(whole_s)})


Limited: Final = Depends(_limit)


def address_of(request: Request) -> str:
    """Where the request came from, as far as our proxies can be believed."""
    return request.client.host if request.client else "unknown"


def secret_of(request: Request) -> str | None:
    """The secret that came with the request: a program's token, or the browser's cookie."""
    header = request.headers.get("authorization", "")
    if header[: len(_BEARER)].lower() == _BEARER:
        return header[len(_BEARER) :].strip()
    return session_secret(request, services_of(request).settings)


def _session(request: Request, conn: Db, now: Now) -> sessions.Session | None:
    secret = secret_of(request)
    if not secret:
        return None
    settings = services_of(request).settings
    by_itself = request.headers.get("shigotoba-asked-by") == "page"
    find = sessions.look_up if by_itself else sessions.find
    found = find(conn, secret, timedelta(hours=settings.session_idle_h), now)
    if found and found.new_secret:
        request.state.cookies.append(session_cookie(settings, found.new_secret, SESSION_LIFE))
    return found


Asking = Annotated[sessions.Session | None, Depends(_session)]


def _person(session: Asking, conn: Db, now: Now) -> Person | None:
    return person_by_id(conn, session.person_id, now) if session else None


Somebody = Annotated[Person | None, Depends(_person)]


def _signed(person: Somebody) -> Person:
    if person is None:
        raise ProblemError(401, "not_signed_in", headers={"WWW-Authenticate": "Bearer"})
    return person


Signed = Annotated[Person, Depends(_signed)]


@dataclass(frozen=True, slots=True)
class Access:
    """A person who may do what the endpoint does, at this site.

    Attributes:
        person: Who.
        site: Code of the site; "" for the organisation as a whole.
        actor: The same person, for the audit log.
    """

    person: Person
    site: str
    actor: Actor


def actor_of(request: Request, person: Person | None) -> Actor:
    """Whoever asks, for the audit log."""
    request_id: str = request.state.request_id
    return Actor("person", person.person_id, request_id) if person else Actor("nobody", None, request_id)


SiteCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The site's code")]


def allowed(action: Action) -> Callable[[Request, Person, str], Access]:
    """A dependency that lets through who may do ``action`` at the site in the path."""

    def check(request: Request, person: Signed, site: SiteCode) -> Access:
        if site not in person.sites:
            raise ProblemError(404, "no_such_site", {"site": site})
        if not person.may(action, site):
            raise ProblemError(403, "not_permitted", {"action": action.value, "site": site})
        return Access(person, site, actor_of(request, person))

    return check


def allowed_everywhere(action: Action) -> Callable[[Request, Person], Access]:
    """A dependency that lets through who may do ``action`` in the whole organisation."""

    def check(request: Request, person: Signed) -> Access:
        if not person.may(action, None):
            raise ProblemError(403, "not_permitted", {"action": action.value})
        return Access(person, "", actor_of(request, person))

    return check
