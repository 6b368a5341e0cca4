"""What makes the pages an app: its manifest, its service worker, its files, and the page for when there is no network.

The service worker keeps that page and nothing else: what is shown of booths always comes from here or not at all.
Responsible for these addresses. Refuses data.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from shigotoba_backend.api.languages import language_for, texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.phone.rendering import asset, open_page

router = APIRouter()

_KINDS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_STATIC: Final = files("shigotoba_backend.phone") / "static"


@router.get("/static/{digest}/{name}")
def static(digest: str, name: str) -> Response:
    """A file; its address has a digest of its content."""
    if name not in {each.name for each in _STATIC.iterdir()} or asset(name) != f"/static/{digest}/{name}":
        raise ProblemError(404, "not_found")
    kind = _KINDS[name.rsplit(".", 1)[-1]]
    return Response((_STATIC / name).read_bytes(), headers=_FOR_EVER, media_type=kind)


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """What the home screen needs to know."""
    name = texts_for(request).say("Shigotoba booths")
    icons = [{"src": asset(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    described = {
        "name": name,
        "short_name": name,
        "lang": language_for(request),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0017c1",
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }
    return JSONResponse(described, media_type="application/manifest+json")


@router.get("/sw.js")
def service_worker() -> Response:
    """The service worker, from the root so that it sees every page."""
    worker = (_STATIC / "worker.js").read_text(encoding="utf-8")
    return Response(worker.replace("@@VERSION@@", asset("phone.css")), media_type=_KINDS["js"])


@router.get("/offline")
def without_network(request: Request) -> Response:
    """Shown by the service worker instead of a page that was asked for."""
    return open_page(request, "offline.html", sent=False)


@router.get("/offline/sent")
def without_answer(request: Request) -> Response:
    """Shown by the service worker when something was sent and no answer came."""
    return open_page(request, "offline.html", sent=True)
