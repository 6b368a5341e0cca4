"""The block ``[web]`` of the backend's settings: where to listen, and how people sign in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import msgspec


class OpenIdProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenID provider that people may sign in through.

    Attributes:
        issuer: Its address, exactly as it names itself.
        client_id: Who we are there.
        client_secret_file: File whose first line is the secret.
        name: What the button says, such as the name of the organisation's sign-in service.
        admits: Whether somebody unknown here gets an account with the role staff at the first sign-in.
    """

    issuer: str
    client_id: str
    client_secret_file: Path
    name: str = "OpenID Connect"
    admits: bool = False


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the process ``api`` is told.

    Attributes:
        host: Address to listen on.
        port: TCP port to listen on.
        public_url: What people type, without a path; cookies are for HTTPS only when it says so.
        dashboard_url: Where the dashboard is, without a path, when it is not under ``public_url``; it needs the same
            host name, for its sign-in is ours. Empty where one proxy serves both.
        trusted_proxies: Addresses whose ``X-Forwarded-For`` is believed.
        connections: Most connections to the database at once.
        session_idle_h: Hours after which an unused session ends. What an open page asks by itself is no use.
        session_absolute_h: Hours after which any session ends.
        powerful_session_h: The same for people whose roles reach beyond their own bookings.
        session_requests_per_min: What one session may ask.
        address_requests_per_min: What all without a session behind one address may ask; a whole floor may share one.
        personal_days: Days after leaving until personal data is erased.
        openid: The provider, where there is one.
        vapid_key_file: PEM file made by ``push-key``; without it there are no push messages.
        cert_file: PEM certificate, to serve HTTPS without a proxy.
        key_file: PEM key to it.
        vapid_contact: Whom a push service may write to, such as ``mailto:soumu@example.lg.jp``.
    """

    host: str = "127.0.0.1"
    port: int = 8060
    public_url: str = "http://127.0.0.1:8060"
    dashboard_url: str = ""
    trusted_proxies: list[str] = []
    connections: int = 16
    session_idle_h: int = 14 * 24
    session_absolute_h: int = 90 * 24
    powerful_session_h: int = 12
    session_requests_per_min: int = 600
    address_requests_per_min: int = 6000
    personal_days: int = 90
    openid: OpenIdProvider | None = None
    vapid_key_file: Path | None = None
    vapid_contact: str = ""
    cert_file: Path | None = None
    key_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuses an address that cannot be one; msgspec reports the ValueError with the file."""
        parts = urlsplit(self.public_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
            raise ValueError(f"public_url {self.public_url!r} is not like https://booths.example.lg.jp")

    @property
    def secure(self) -> bool:
        """Whether people reach us over HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def base(self) -> str:
        """``public_url`` without a slash at its end."""
        return self.public_url.rstrip("/")
