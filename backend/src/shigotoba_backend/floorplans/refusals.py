"""Why a floor plan cannot be taken. Responsible for the sentences of these codes."""

from __future__ import annotations

from typing import Final

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.texts import message

_CODES: Final = {
    "no_such_floor": message("There is no floor “{floor}” at this site."),
    "no_such_plan": message("There is no such floor plan at this site."),
    "not_on_this_floor": message("“{thing}” is not on this floor at that time."),
    "plan_in_the_past": message("A plan cannot begin in the past ({first}). What has been stays as it was."),
    "plan_in_force": message("This plan has begun. What has been stays as it was; save a new one instead."),
    "off_the_plan": message("“{thing}” stands off the plan."),
    "bad_size": message("The size of a floor is between 1 m and 1,000 m."),
    "picture_unknown": message("This is not a picture that can be taken. Take SVG, PNG or JPEG."),
    "picture_too_large": message("The picture is too large. At most {most_mb} MB are possible."),
    "picture_damaged": message("The picture is damaged: {why}"),
    "svg_refused": message("This SVG cannot be taken: {why}"),
}
REASONS.update(_CODES)


def refuse(code: str, **facts: object) -> ProblemError:
    """The refusal with that code, to be raised."""
    return ProblemError(404 if code.startswith("no_such") else 422, code, facts)
