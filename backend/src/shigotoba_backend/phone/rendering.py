"""Pages from templates.

Responsible for the template engine and for what every page knows: texts, times, who is signed in. Refuses to fetch
data.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.phone.here import Here, site_name
from shigotoba_backend.phone.signs import SIGNS

_PACKAGE: Final = "shigotoba_backend.phone"


@cache
def _engine() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _new_key() -> str:
    """Under which a form is sent; sent twice, it has one effect."""
    return uuid4().hex


@cache
def asset(name: str) -> str:
    """The address of a file in ``static/``, which changes with its content so that browsers may keep it for ever."""
    content = (files(_PACKAGE) / "static" / name).read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def page(here: Here, template: str, status: int = 200, **values: Any) -> Response:
    """A page for somebody who is signed in."""
    known = {"here": here, "show": here.shown, "site_name": site_name(here)}
    return open_page(here.request, template, status, **known, **values)


def open_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page for anybody."""
    texts = texts_for(request)
    known: dict[str, Any] = {"t": texts.say, "language": texts.language, "path": request.url.path, "here": None}
    tools = {"asset": asset, "signs": SIGNS, "new_key": _new_key}
    html = _engine().get_template(template, globals=tools).render(known | values)
    return HTMLResponse(html, status)


def seen(address: str) -> Response:
    """After a change: look at ``address`` next (303), so that reloading repeats nothing."""
    return RedirectResponse(address, 303)
