"""The pictures behind floor plans, over HTTP.

A picture never changes under its number, so a browser keeps it. Responsible for this path. Refuses to change pictures:
what is stored has been made harmless (see ``floorplans.pictures`` in the backend), and is served as if it were not.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.routes.floor_plans import PICTURE_POLICY
from shigotoba_backend.floorplans.plans import picture
from shigotoba_dashboard.feed import NoAnswerError
from shigotoba_dashboard.house import House
from shigotoba_dashboard.paths import PICTURES_PATH
from shigotoba_dashboard.visitors import current_visitor


def add_pictures(server: FastAPI, house: House) -> None:
    """``pictures/<plan>?site=<code>`` is the picture of a plan, for whoever may see the site's places."""

    def give(plan_id: int, site: str = "") -> Response:
        code = site or house.site
        if not house.sees(current_visitor(), Action.SEE_PLACES, code):
            return PlainTextResponse("Your roles do not include this site's floor plans.\n", HTTPStatus.FORBIDDEN)
        try:
            media_type, data = house.answers.ask(lambda conn: picture(conn, code, plan_id))
        except ProblemError:
            return PlainTextResponse(f"There is no picture of a plan {plan_id} here.\n", HTTPStatus.NOT_FOUND)
        except NoAnswerError as error:
            return PlainTextResponse(f"The database gives no answer: {error}.\n", HTTPStatus.SERVICE_UNAVAILABLE)
        headers = {"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": "private, max-age=31536000, immutable"}
        return Response(data, media_type=media_type, headers=headers)

    server.add_api_route(f"{PICTURES_PATH}{{plan_id:int}}", give, methods=["GET"], include_in_schema=False)
