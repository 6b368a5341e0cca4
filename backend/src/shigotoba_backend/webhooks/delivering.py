"""Webhooks on their way: signed, tried again with growing pauses, given up after some days, each try on record.

The body names no person. ``Shigotoba-Signature: t=<seconds>,v1=<hex>`` is the HMAC-SHA256 of ``<seconds>.<body>`` with
the webhook's secret; ``Shigotoba-Delivery`` is the same at each try, so that the receiver can tell a repeat.

Responsible for one delivery after the other. Refuses to choose what is told (see ``jobs.tell``).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx2
import msgspec
import psycopg

from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load
from shigotoba_backend.webhooks.addresses import AddressError, target_of

log = logging.getLogger(__name__)

_QUERIES: Final = load("delivering.sql", package="shigotoba_backend.webhooks")

MOST: Final = 20
MOST_TRIES: Final = 12
_FIRST_PAUSE: Final = timedelta(seconds=30)
_LONGEST_PAUSE: Final = timedelta(hours=6)
_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be told.

    Attributes:
        delivery_id: The same at each try.
        url: Whom.
        secret: What is signed with.
        kind: Of the event.
        body: What is told, JSON.
        tries: How often it has been tried.
    """

    delivery_id: int
    url: str
    secret: str
    kind: str
    body: bytes
    tries: int


def deliver(conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
    """Tries what is due; how many were."""
    rows = conn.execute(_QUERIES["due"], {"now": now, "most": MOST}).fetchall()
    for delivery_id, url, secret, kind, told, tries in rows:
        delivery = Delivery(delivery_id, url, secret, kind, msgspec.json.encode(told), tries)
        answer, done = send(delivery, settings.webhooks.private_hosts, now)
        state = "delivered" if done else "given_up" if delivery.tries + 1 >= MOST_TRIES else "waiting"
        fields = {
            "delivery_id": delivery.delivery_id, "state": state, "answer": answer[:500],
            "next_at": now + pause(delivery.tries, random.Random()),
        }  # fmt: skip
        conn.execute(_QUERIES["tried"], fields)
        if state == "given_up":
            log.warning("webhook delivery %d given up: %s", delivery.delivery_id, answer)
    return len(rows)


def send(delivery: Delivery, private_hosts: list[str], now: datetime) -> tuple[str, bool]:
    """One try: what was answered, and whether that counts as heard."""
    try:
        target = target_of(delivery.url, private_hosts)
        with httpx2.Client(timeout=_PATIENCE_S, follow_redirects=False, trust_env=False) as client:
            request = client.build_request(
                "POST",
                target.url,
                content=delivery.body,
                headers={
                    "Host": target.host,
                    "Content-Type": "application/json",
                    "Shigotoba-Event": delivery.kind,
                    "Shigotoba-Delivery": str(delivery.delivery_id),
                    "Shigotoba-Signature": signature(delivery, now),
                },
                extensions={"sni_hostname": target.sni},
            )
            response = client.send(request, stream=True)
            response.close()
    except AddressError as error:
        return str(error), False
    except httpx2.HTTPError as error:
        return f"{type(error).__name__}: {error}", False
    return f"HTTP {response.status_code}", 200 <= response.status_code < 300


def signature(delivery: Delivery, now: datetime) -> str:
    """The header by which the receiver knows that it was us, and when."""
    seconds = int(now.timestamp())
    signed = f"{seconds}.".encode() + delivery.body
    return f"t={seconds},v1={hmac.new(delivery.secret.encode(), signed, hashlib.sha256).hexdigest()}"


def pause(tries: int, rng: random.Random) -> timedelta:
    """How long to wait after so many tries before this one, with jitter."""
    return min(_FIRST_PAUSE * 2 ** min(tries, 20), _LONGEST_PAUSE) * rng.uniform(0.8, 1.2)
