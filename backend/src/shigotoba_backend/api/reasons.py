"""The sentence for each reason a request is refused: what happened, with the value, and what to do.

``REASONS`` is open: a topic adds its codes from its own module. A sentence may name the facts of the case in braces;
instants arrive as ISO 8601 and are shown in Japanese time.

Responsible for the sentences that belong to no topic, and for filling them in. Refuses to decide anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shigotoba_backend.texts import Texts, message

SHOWN_IN: Final = ZoneInfo("Asia/Tokyo")

REASONS: Final[dict[str, str]] = {
    "not_signed_in": message("You are not signed in. Sign in and try again."),
    "not_permitted": message("Your role does not allow this. Ask your administrator if you need it."),
    "not_found": message("This does not exist, or not for you."),
    "no_such_site": message("There is no site “{site}”."),
    "wrong_method": message("This address does not take such a request."),
    "too_large": message("This is too large to be taken."),
    "refused": message("This request was refused."),
    "not_understood": message("Something in the request is missing or not valid."),
    "not_storable": message("Something in the request cannot be stored, such as a character that is none."),
    "no_database": message("The service cannot reach its data at the moment. Try again shortly; nothing was changed."),
    "our_fault": message(
        "Something went wrong on our side. Whether it took effect is not certain: look before trying again."
    ),
    "foreign_origin": message("The request came from another site and was refused. Open the page anew and try again."),
    "too_many_requests": message("Too many requests. Try again in {retry_after_s} seconds."),
    "wrong_password": message("The name or the password is not right."),
    "wait_before_signing_in": message("Too many wrong passwords from here. Try again in {retry_after_s} seconds."),
    "login_taken": message("The login “{login}” is taken. Choose another."),
    "password_too_easy": message("The password is too short or too easy. Take at least 10 characters."),
    "no_such_person": message("There is no such person at this site."),
    "no_such_colleague": message("Nobody here signs in as “{login}”. Check the user name."),
    "no_day": message("“{text}” is not a day."),
    "no_rules": message("Nothing is filled in. Say at least one rule."),
    "no_time": message("“{text}” is not a time of day."),
    "survey_closed": message("This survey is over, or you have answered it already."),
    "no_openid": message("Signing in through another service is not set up here."),
    "openid_failed": message("The sign-in service did not confirm who you are. Try again."),
    "openid_unknown": message("You are known to the sign-in service but have no account here. Ask your administrator."),
}
"""Sentence by code."""

_UNNAMED: Final = message("The request was refused ({code}).")


def sentence(texts: Texts, code: str, facts: Mapping[str, object]) -> str:
    """What happened, for a person."""
    values = {name: _shown(value) for name, value in facts.items()}
    try:
        return texts.say(REASONS[code], **values)
    except KeyError:
        return texts.say(_UNNAMED, code=code)


def _shown(value: object) -> str:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(SHOWN_IN):%m/%d %H:%M}"
    return str(value)
