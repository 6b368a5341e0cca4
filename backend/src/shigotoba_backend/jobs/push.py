"""Messages to phones (Web Push, RFC 8030, 8291): notices that have not been pushed, sent to each phone of their person.

The message has the shape of Declarative Web Push, which iPhones show without a service worker; other browsers' worker
reads the same. A push service that says an address is gone has it deleted. Responsible for sending. Refuses to decide
whom to tell what.
"""

# pywebpush ships without type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from pywebpush import WebPushException, webpush

from shigotoba_backend.bookings.notices import Notice, mark_pushed, to_push
from shigotoba_backend.phone.notices import told_of
from shigotoba_backend.phone.push import Subscription, forget, subscriptions
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.texts import Language, language_of, texts_in

log = logging.getLogger(__name__)

_MOST: Final = 100
_LIFE_S: Final = 15 * 60
_PATIENCE_S: Final = 10
_GONE: Final = frozenset({404, 410})

#: Sends a message; the status of a refusal, None when it was taken.
Send = Callable[[Subscription, str], int | None]


def push_job(conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
    """Sends what has not been sent; without a key nothing is."""
    if settings.web.vapid_key_file is None:
        return 0
    return push_all(conn, sender(settings.web.vapid_key_file, settings.web.vapid_contact), settings.web.base, now)


def push_all(conn: psycopg.Connection, send: Send, base: str, now: datetime) -> int:
    """Sends each notice to every phone of its person, once; how many notices were dealt with.

    A push service that does not answer costs that message: the notice stays on the first page.
    """
    notices = to_push(conn, _MOST)
    for notice in notices:
        _push(conn, send, notice, base, now)
        mark_pushed(conn, [notice.notice_id], now)
    return len(notices)


def sender(key_file: Path, contact: str) -> Send:
    """A way to send, signed with our key."""

    def send(subscription: Subscription, told: str) -> int | None:
        info = {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}}
        claims: dict[str, str | int] = {"sub": contact}
        try:
            webpush(info, told, vapid_private_key=str(key_file), vapid_claims=claims, ttl=_LIFE_S, timeout=_PATIENCE_S)
        except WebPushException as error:
            return error.response.status_code if error.response is not None else 0
        return None

    return send


def _push(conn: psycopg.Connection, send: Send, notice: Notice, base: str, now: datetime) -> None:
    for subscription, language, zone in subscriptions(conn, notice.person_id):
        told = _told(conn, notice, language_of(language), ZoneInfo(zone), base, now)
        try:
            refusal = send(subscription, told)
        except OSError as error:
            log.warning("push: no answer (%s)", type(error).__name__)
            continue
        if refusal in _GONE:
            forget(conn, subscription.endpoint)
        elif refusal is not None:
            log.warning("push: refused with %s", refusal)


def _told(
    conn: psycopg.Connection, notice: Notice, language: Language, zone: ZoneInfo, base: str, now: datetime
) -> str:
    texts = texts_in(language)
    told = told_of(conn, notice, texts, zone, now)
    notification = {
        "title": texts.say("News about your bookings"),
        "body": told.text,
        "lang": language,
        "tag": f"notice-{notice.notice_id}",
        "navigate": base + told.path,
    }
    return msgspec.json.encode({"web_push": 8030, "notification": notification}).decode()
