"""Commands to gateways: an administrator tells one to do something once, and sees what became of it.

Responsible for HTTP. Refuses to judge (see ``arranging.gateway_commands``).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.arranging.gateway_commands import Wish, ask
from shigotoba_backend.read.gateway_commands import Told, commands
from shigotoba_wire.commands import CommandKind

router = APIRouter(tags=["gateways"])

Manager = Annotated[Access, Depends(allowed(Action.MANAGE_GATEWAYS))]
Name = Annotated[str, Field(max_length=64)]


class CommandSaid(BaseModel):
    """What a gateway shall do once; ``restart_driver`` needs an agent and one of its drivers."""

    kind: CommandKind
    agent: Name = ""
    driver: Name = ""
    within_min: Annotated[int, Field(ge=1, le=1440, description="Not begun later")] = 10


class CommandShown(BaseModel):
    """A command and what became of it; ``unanswered`` has run out without a word."""

    command: str
    kind: CommandKind
    agent: str
    driver: str
    asked_at: datetime
    not_after: datetime
    outcome: Literal["open", "under_way", "done", "failed", "refused", "expired", "unanswered"]
    detail: str


@router.get("/sites/{site}/gateways/{gateway}/commands")
def told(gateway: str, conn: Db, now: Now, access: Manager) -> list[CommandShown]:
    """What the gateway was told lately, the newest first."""
    return [_shown(each, now) for each in commands(conn, access.site, gateway)]


@router.post("/sites/{site}/gateways/{gateway}/commands", status_code=201)
def tell(gateway: str, said: CommandSaid, conn: Db, now: Now, access: Manager) -> CommandShown:
    """Tell the gateway to do something once."""
    life = timedelta(minutes=said.within_min)
    name = ask(conn, Wish(access.site, gateway, said.kind, life, said.agent, said.driver), access.actor, now)
    return next(_shown(each, now) for each in commands(conn, access.site, gateway) if each.command == name)


def _shown(told: Told, now: datetime) -> CommandShown:
    return CommandShown.model_validate({**asdict(told), "outcome": told.standing(now)})
