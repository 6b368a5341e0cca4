"""The application put together: routers, middleware, errors, services.

Responsible for assembly. Refuses to read settings and to listen (see ``api.server``).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from shigotoba_backend.api.asking import Clock, Limited, Services
from shigotoba_backend.api.changes import Changes
from shigotoba_backend.api.limits import Limiter
from shigotoba_backend.api.middleware import Numbered, SameOrigin
from shigotoba_backend.api.pool import Pool
from shigotoba_backend.api.problems import ANSWERS, PAGES, SCHEMA, add_problems
from shigotoba_backend.api.routes import (
    accounts,
    audit,
    booking_extras,
    bookings,
    booths,
    calendars,
    exports,
    floor_plans,
    gateway_commands,
    gateways,
    health,
    held_rises,
    imports,
    indicators,
    me,
    people,
    plans,
    policies,
    reports,
    webhooks,
)
from shigotoba_backend.phone import app as phone
from shigotoba_backend.phone.push import public_key
from shigotoba_backend.settings import BackendSettings

ROUTERS: Final[tuple[APIRouter, ...]] = (
    me.router,
    people.router,
    people.organisation_router,
    accounts.router,
    audit.router,
    imports.router,
    held_rises.router,
    indicators.router,
    exports.router,
    floor_plans.router,
    plans.router,
    plans.organisation_router,
    reports.router,
    gateways.router,
    gateway_commands.router,
    booths.router,
    bookings.router,
    booking_extras.router,
    policies.router,
    policies.organisation_router,
    webhooks.router,
)
"""Everything under ``/api/v1``, one router per topic."""


def build(settings: BackendSettings, clock: Clock) -> FastAPI:
    """The application.

    Args:
        settings: Of the backend; the block ``[web]`` is ours.
        clock: The present, aware.
    """
    return assemble(services_for(settings, clock))


def services_for(settings: BackendSettings, clock: Clock) -> Services:
    """What the application works with; opens nothing yet."""
    web = settings.web
    pool = Pool(settings.database, web.connections)
    push_key = public_key(web.vapid_key_file) if web.vapid_key_file else ""
    changes = Changes(settings.database)
    return Services(web, clock, pool, Limiter(), settings.database, changes, settings.enrolment, push_key)


def assemble(services: Services) -> FastAPI:
    """The application over ``services``; others with equal settings may take their place in ``app.state.services``."""
    app = FastAPI(
        title="Shigotoba",
        version=version("shigotoba-backend"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.services = services
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1", dependencies=[Limited], responses=ANSWERS)
    app.include_router(health.router)
    app.include_router(calendars.router, dependencies=[Limited], responses=PAGES)
    phone.add_phone(app)
    add_problems(app, phone.problem_page)
    app.openapi = partial(_described, app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(SameOrigin)
    app.add_middleware(Numbered, secure=services.settings.secure)
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    known = FastAPI.openapi(app)
    known["components"]["schemas"]["Problem"] = dict(SCHEMA)
    return known


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    yield
    app.state.services.changes.close()
    app.state.services.pool.close()
