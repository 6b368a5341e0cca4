"""Programs that are told what happens to bookings, for site administrators.

Responsible for HTTP. Refuses to send (see ``webhooks``).
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.webhooks.keeping import Try, Webhook, make_webhook, stop_webhook, tries_of, webhooks_of

router = APIRouter(prefix="/sites/{site}/webhooks", tags=["webhooks"])

MayManage = Annotated[Access, Depends(allowed(Action.MANAGE_WEBHOOKS))]


class WantedWebhook(BaseModel):
    """A program to be told."""

    url: Annotated[str, Field(max_length=500, pattern=r"^https?://[\x21-\x7e]+$")]
    kinds: Annotated[list[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]], Field(max_length=50)] = []


class WebhookMade(BaseModel):
    """The new webhook. The secret is shown this once."""

    webhook_id: UUID
    secret: str


@router.get("")
def look(conn: Db, access: MayManage) -> list[Webhook]:
    """Those of the site."""
    return webhooks_of(conn, access.site)


@router.post("", status_code=201)
def make(conn: Db, now: Now, access: MayManage, wanted: WantedWebhook) -> WebhookMade:
    """Tells one more program. Where it may listen is decided at each delivery."""
    with conn.transaction():
        webhook_id, secret = make_webhook(conn, access.site, wanted.url, wanted.kinds, now)
        told = Deed("webhook.make", f"webhook:{webhook_id}", access.site, after=wanted.model_dump())
        record(conn, access.actor, told)
    return WebhookMade(webhook_id=webhook_id, secret=secret)


@router.delete("/{webhook_id}", status_code=204)
def stop(conn: Db, access: MayManage, webhook_id: UUID) -> None:
    """Tells it no more."""
    with conn.transaction():
        if not stop_webhook(conn, access.site, webhook_id):
            raise ProblemError(404, "not_found", {"webhook": str(webhook_id)})
        record(conn, access.actor, Deed("webhook.stop", f"webhook:{webhook_id}", access.site))


@router.get("/{webhook_id}/deliveries")
def deliveries(conn: Db, access: MayManage, webhook_id: UUID) -> list[Try]:
    """How the last hundred deliveries went, newest first."""
    return tries_of(conn, access.site, webhook_id)
