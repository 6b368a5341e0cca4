"""Who comes to the dashboard, and what it shows them, without a browser.

For tests that ask who may see what; they import the fixtures by name. ``settled_office`` and ``settled_house`` are the
dashboard's own (``dashboard/tests/conftest.py``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from dash._utils import to_json
from starlette.requests import HTTPConnection

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_dashboard.guard import Admission
from shigotoba_dashboard.house import House
from shigotoba_dashboard.settings import Settings, SignIn
from shigotoba_dashboard.visitors import Visitor

WEB: Final = "http://127.0.0.1:8060"
"""Where one would sign in."""


def session_of(conn: psycopg.Connection, new: NewPerson, began: datetime) -> str:
    """The secret of a session of somebody new, which lasts longer than any test's day."""
    return sessions.begin(conn, create_person(conn, new, COMMAND, began), timedelta(days=9), began)


def name_of(role: Role) -> str:
    """A name that is on no page by chance."""
    return f"氏名{role.value}"


@pytest.fixture(scope="module")
def secrets(settled_office: Any) -> dict[Role, str]:
    """A session for somebody in each role."""
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        began = settled_office.now - timedelta(days=1)
        people = {role: NewPerson(role.value, name_of(role), "honcho", grants=(Grant(role),)) for role in Role}
        return {role: session_of(conn, person, began) for role, person in people.items()}


Enter = Callable[[SignIn, "str | None"], Visitor]


@pytest.fixture(scope="module")
def enter(settled_office: Any, settled_house: House) -> Enter:
    """Whoever comes in with that secret, where one signs in like that."""

    def visitor(sign_in: SignIn, secret: str | None) -> Visitor:
        settings = Settings(settled_office.database, "honcho", sign_in=sign_in, web_url=WEB)
        headers = [(b"cookie", f"session={secret}".encode())] if secret else []
        admission = Admission(settings, settled_house.desk, settled_house.clock)
        return asyncio.run(admission.admit(HTTPConnection({"type": "http", "headers": headers}))).visitor

    return visitor


def shown(house: House, address: str, visitor: Visitor) -> str:
    """Everything an address shows, as JSON."""
    path, _, search = address.partition("?")
    drawn = house.show(f"/dashboard/{path}", search, visitor)
    return json.dumps(json.loads(to_json([drawn.title, drawn.menu, drawn.content])), ensure_ascii=False)
