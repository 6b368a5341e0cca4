"""Tells a page that something has changed at the site's booths, so that it reads itself again."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shigotoba_backend.api.asking import services_of
from shigotoba_backend.api.changes import told
from shigotoba_backend.phone.here import Visit
from shigotoba_backend.store.sql import load

router = APIRouter()

_QUERIES: Final = load("live.sql", package="shigotoba_backend.phone")


@router.get("/live/{site}")
def live(request: Request, here: Visit) -> Response:
    """Server-sent events without content."""
    (site_id,) = here.conn.execute(_QUERIES["site_id"], {"site": here.site.code}).fetchone() or (0,)
    return told(services_of(request).changes, str(site_id))
