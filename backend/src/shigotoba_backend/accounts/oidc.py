"""Signing in through an OpenID provider: authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0, §3.1).

Authlib speaks the protocol and validates the ID token; what has to be remembered between the two steps travels in a
cookie of the browser that began. Responsible for these two steps. Refuses to know accounts and sessions.
"""

# Authlib ships without type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shigotoba_backend.api.settings import OpenIdProvider
from shigotoba_wire.settings import read_secret

_PATIENCE_S: Final = 10.0
_LEEWAY_S: Final = 60
_SCOPE: Final = "openid profile email"


class OpenIdError(Exception):
    """The provider did not confirm anybody; the message is for the log."""


class Begun(msgspec.Struct, frozen=True):
    """What the browser that began has to bring back.

    Attributes:
        state: Ties the answer to this browser.
        nonce: Ties the ID token to this request.
        verifier: Proves that whoever redeems the code asked for it (RFC 7636).
        back_to: Path to show afterwards.
    """

    state: str
    nonce: str
    verifier: str
    back_to: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whom the provider confirmed.

    Attributes:
        issuer: The provider.
        subject: Who it is there, for good.
        login: What the provider calls the person, or the subject.
        display_name: For people.
        email: If it was told.
    """

    issuer: str
    subject: str
    login: str
    display_name: str
    email: str | None


def begin(provider: OpenIdProvider, redirect_uri: str, back_to: str) -> tuple[str, Begun]:
    """Where to send the browser, and what to remember until it comes back.

    Raises:
        OpenIdError: The provider cannot be reached.
    """
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), back_to)
    with _client(provider, redirect_uri) as client:
        endpoint = _metadata(client, provider)["authorization_endpoint"]
        url, _state = client.create_authorization_url(
            endpoint, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
    return str(url), begun


def finish(provider: OpenIdProvider, redirect_uri: str, begun: Begun, answer: Mapping[str, str]) -> Confirmed:
    """Whom the provider confirmed, from the parameters the browser came back with.

    Raises:
        OpenIdError: Nobody was confirmed, or the answer is not to what was begun.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise OpenIdError("the answer's state is not the one that was begun with")
    if "code" not in answer:
        raise OpenIdError(f"the provider answered {answer.get('error', 'without a code')}")
    try:
        with _client(provider, redirect_uri) as client:
            metadata = _metadata(client, provider)
            token = client.fetch_token(metadata["token_endpoint"], code=answer["code"], code_verifier=begun.verifier)
            keys = _json(client.request("GET", metadata["jwks_uri"], withhold_token=True))
            claims = _validated(provider, token, keys, begun.nonce)
            if "preferred_username" not in claims and "userinfo_endpoint" in metadata:
                claims = {**_told(client, metadata["userinfo_endpoint"], claims["sub"]), **claims}
    except (OAuthError, JoseError, httpx2.HTTPError, KeyError, ValueError) as error:
        raise OpenIdError(f"{type(error).__name__}: {error}") from error
    return _confirmed(provider, claims)


def _client(provider: OpenIdProvider, redirect_uri: str) -> Any:
    return OAuth2Client(
        client_id=provider.client_id,
        client_secret=read_secret(provider.client_secret_file),
        scope=_SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=_PATIENCE_S,
    )


def _metadata(client: Any, provider: OpenIdProvider) -> dict[str, Any]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        metadata = _json(client.request("GET", address, withhold_token=True))
    except httpx2.HTTPError as error:
        raise OpenIdError(f"{address}: {error}") from error
    if metadata.get("issuer") != provider.issuer:
        raise OpenIdError(f"{address} names itself {metadata.get('issuer')!r}, the settings say {provider.issuer!r}")
    return metadata


def _json(response: Any) -> dict[str, Any]:
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


def _validated(provider: OpenIdProvider, token: Mapping[str, Any], keys: Any, nonce: str) -> dict[str, Any]:
    """The claims of the ID token, its signature, issuer, audience, times and nonce checked."""
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=["RS256", "ES256", "PS256"])
    wanted = {"iss": {"essential": True, "values": [provider.issuer]}, "aud": {"values": [provider.client_id]}}
    known = {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, known)
    claims.validate(leeway=_LEEWAY_S)
    return dict(decoded.claims)


def _told(client: Any, endpoint: str, subject: str) -> dict[str, Any]:
    told = _json(client.get(endpoint))
    return told if told.get("sub") == subject else {}


def _confirmed(provider: OpenIdProvider, claims: Mapping[str, Any]) -> Confirmed:
    subject = str(claims["sub"])
    login = str(claims.get("preferred_username") or claims.get("email") or subject).lower()
    email = claims.get("email")
    return Confirmed(provider.issuer, subject, login, str(claims.get("name") or login), str(email) if email else None)
