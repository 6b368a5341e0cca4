"""What a browser loads before a page can begin: one script and one style sheet, each made of many.

Dash would have it load twenty files, a polyfill for browsers that went out of use in 2022 among them, and ask about
each on the next visit. Each of the two is named by what is in it, so that a browser keeps it for good, and compressed
once.

Responsible for what is in them, in which order, and for handing them out. Refuses to know what they do.
"""

# Which files Dash begins with is written down nowhere but in a module that it calls private; the document is changed by
# keywords alone, as its manual has it.
# pyright: reportPrivateUsage=false, reportIncompatibleMethodOverride=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from dash import Dash, dcc, html
from dash import _dash_renderer as renderer
from fastapi import FastAPI, Request
from fastapi.responses import Response

from shigotoba_dashboard.paths import BEGINNING_PATH

_ASSETS: Final = files("shigotoba_dashboard").joinpath("assets")
_POLYFILL: Final = "polyfill"
#: Where a script would have its source be looked for; the sources are not handed out.
_SOURCE_MAP: Final = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)
_KEPT_FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Bundle:
    """Several files as one.

    Attributes:
        name: What is in it, a digest of that, and an ending.
        media_type: With its character set.
        content: As it is.
        packed: The same, compressed with gzip.
    """

    name: str
    media_type: str
    content: bytes
    packed: bytes

    @property
    def path(self) -> str:
        """Where it is on this server."""
        return f"{BEGINNING_PATH}{self.name}"


class Beginner(Dash):
    """Dash whose pages begin with two files.

    Attributes:
        scripts_of_all: Every script, in the order in which they need one another.
        styles_of_all: Every style sheet, in the order of their names.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Dash looks for its renderer's name in the document, and will have no other.
        self.scripts_of_all = _bundle("dash-renderer-{}.js", "text/javascript; charset=utf-8", _scripts())
        self.styles_of_all = _bundle("look-{}.css", "text/css; charset=utf-8", _assets(".css"))

    def interpolate_index(self, **parts: str) -> str:
        """The document that every page begins with."""
        scripts = f'<script src="{self.scripts_of_all.path}"></script>'
        styles = f'<link rel="stylesheet" href="{self.styles_of_all.path}">'
        return super().interpolate_index(**{**parts, "scripts": scripts, "css": styles})


def add_beginning(server: FastAPI, app: Beginner) -> None:
    """Hands the two files out."""
    bundles = {bundle.name: bundle for bundle in (app.scripts_of_all, app.styles_of_all)}

    async def give(name: str, request: Request) -> Response:
        bundle = bundles.get(name)
        if bundle is None:
            return Response("The page is of another version: load it again.\n", 404, media_type="text/plain")
        headers = {"Cache-Control": _KEPT_FOR_GOOD, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(bundle.content, headers=headers, media_type=bundle.media_type)
        return Response(bundle.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=bundle.media_type)

    server.add_api_route(f"{BEGINNING_PATH}{{name}}", give, methods=["GET", "HEAD"], include_in_schema=False)


def _bundle(name: str, media_type: str, parts: Iterable[Traversable]) -> Bundle:
    content = b"\n".join(_SOURCE_MAP.sub(b"", part.read_bytes()) for part in parts)
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    return Bundle(name.format(digest), media_type, content, gzip.compress(content, mtime=0))


def _scripts() -> list[Traversable]:
    """What Dash has a page begin with, in Dash's order, then ours."""
    (needed,) = renderer._js_dist_dependencies
    react: list[str] = needed["relative_package_path"]["prod"]
    used = [path for path in react if _POLYFILL not in path]
    for library in (renderer, dcc, html):
        used += _at_once(library._js_dist)
    return [*(files("dash").joinpath(path) for path in used), *_assets(".js")]


def _at_once(listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """Of a library's files those which a page needs before any of its components is used."""
    later = {"async", "dynamic", "dev_only"}
    return [each["relative_package_path"] for each in listed if not later & each.keys()]


def _assets(ending: str) -> list[Traversable]:
    return sorted((part for part in _ASSETS.iterdir() if part.name.endswith(ending)), key=lambda part: part.name)
