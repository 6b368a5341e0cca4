"""What stands in the place of a page that cannot be shown.

Responsible for saying what happened and what to do. Refuses details of errors: those are in the log.
"""

from __future__ import annotations

from dataclasses import replace

from dash import html

from shigotoba_dashboard.frame import Drawn, plain_frame
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.words import Words


def no_such_page(path: str, words: Words) -> Drawn:
    """Nothing is at this address."""
    return _stand_in(
        words.say("There is no such page"),
        words.say("Nothing is at “{path}”. It may have moved: choose a page above.", path=path),
        words,
    )


def not_for_you(words: Words) -> Drawn:
    """The visitor's roles do not reach this far."""
    return _stand_in(
        words.say("This page is not open to you"),
        words.say("Your roles do not include it. Ask your site's administrator for the role that you need."),
        words,
    )


def sign_in_first(door: str, words: Words) -> Drawn:
    """Somebody who might be allowed more, once it is known who it is."""
    text = words.say("This page is for people who have signed in. You come back here afterwards.")
    link = html.A(words.say("Sign in"), href=door, target="_self", className="button")
    return plain_frame(words.say("Sign in first"), [html.P(text), html.P(link)], words)


def not_ready(words: Words) -> Drawn:
    """No site has been set up."""
    drawn = _stand_in(
        words.say("Nothing has been set up yet"),
        words.say("The database is not ready: this site has not been set up in it yet. Import its site file."),
        words,
    )
    return replace(drawn, again=True)


def away(words: Words) -> Drawn:
    """The database does not answer."""
    drawn = _stand_in(
        words.say("There is no answer just now"),
        words.say("The database does not answer or took too long. This page asks again by itself."),
        words,
    )
    return replace(drawn, again=True)


def broken(words: Words) -> Drawn:
    """We made a mistake; the log has it."""
    return _stand_in(
        words.say("This page could not be drawn"),
        words.say("The mistake is ours and has been noted. Other pages work; tell the maintainer which page it was."),
        words,
    )


def _stand_in(title: str, text: str, words: Words) -> Drawn:
    again = html.A(words.say("To the first page"), href=BASE_PATH)
    return plain_frame(title, [html.P(text, className="notice"), html.P(again)], words)
