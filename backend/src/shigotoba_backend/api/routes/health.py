"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from shigotoba_backend.api.asking import Db
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.store.migrate import pending, shipped

router = APIRouter(tags=["health"], include_in_schema=False)


class Health(BaseModel):
    """The answer."""

    status: str


@router.get("/healthz")
def alive() -> Health:
    """The process answers."""
    return Health(status="alive")


@router.get("/readyz")
def ready(conn: Db) -> Health:
    """The database answers too, and has every table this version needs."""
    if pending(conn, shipped()):
        raise ProblemError(503, "no_database")
    return Health(status="ready")
