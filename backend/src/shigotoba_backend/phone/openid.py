"""The way through an OpenID provider and back.

Responsible for the two addresses and the cookie between them. Refuses the protocol (see ``accounts.oidc``).
"""

from __future__ import annotations

import base64
import logging
from datetime import timedelta
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from shigotoba_backend.accounts import oidc
from shigotoba_backend.accounts.admitting import admit
from shigotoba_backend.api.asking import Db, Now, actor_of, services_of
from shigotoba_backend.api.cookies import brief_cookie
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.settings import OpenIdProvider
from shigotoba_backend.phone.entering import own_path, welcome

log = logging.getLogger(__name__)
router = APIRouter()

_BACK: Final = "/openid/back"
_COOKIE: Final = "openid"
_TIME_TO_SIGN_IN: Final = timedelta(minutes=15)


@router.get("/openid/begin")
def begin(request: Request, back_to: Annotated[str, Query(alias="back", max_length=500)] = "/") -> Response:
    """Sends the browser to the provider."""
    try:
        address, begun = oidc.begin(_provider(request), _redirect_uri(request), own_path(back_to))
    except oidc.OpenIdError as error:
        raise _failed(error) from error
    kept = base64.urlsafe_b64encode(msgspec.json.encode(begun)).decode()
    request.state.cookies.append(brief_cookie(services_of(request).settings, _COOKIE, kept, _TIME_TO_SIGN_IN))
    return RedirectResponse(address, 303)


@router.get(_BACK)
def back(request: Request, conn: Db, now: Now) -> Response:
    """Takes the browser back and signs its person in."""
    provider = _provider(request)
    try:
        begun = msgspec.json.decode(base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")), type=oidc.Begun)
        confirmed = oidc.finish(provider, _redirect_uri(request), begun, request.query_params)
    except (oidc.OpenIdError, msgspec.DecodeError, ValueError) as error:
        raise _failed(error) from error
    request.state.cookies.append(brief_cookie(services_of(request).settings, _COOKIE, "", timedelta(0)))
    person = admit(conn, confirmed, provider.admits, actor_of(request, None), now)
    if person is None:
        raise ProblemError(403, "openid_unknown")
    return welcome(request, conn, person, begun.back_to)


def _provider(request: Request) -> OpenIdProvider:
    provider = services_of(request).settings.openid
    if provider is None:
        raise ProblemError(404, "no_openid")
    return provider


def _redirect_uri(request: Request) -> str:
    return services_of(request).settings.base + _BACK


def _failed(error: Exception) -> ProblemError:
    log.warning("OpenID sign-in failed: %s", error)
    return ProblemError(401, "openid_failed")
