"""The effect on one indicator at one place: the conclusion, its interval, the months it rests on, and every doubt.

Responsible for this part of the page and its rows. The sentences are the backend's own, so that page and API say the
same. Refuses to estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.effects.model import Effect
from shigotoba_backend.effects.questions import Answer
from shigotoba_backend.effects.words import words as said_of
from shigotoba_backend.texts import texts_in
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.before_after import HEIGHT_PX, before_after_figure, before_after_records
from shigotoba_dashboard.figures.chart import Chart
from shigotoba_dashboard.figures.interval import interval
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.parts import drawn_chart
from shigotoba_dashboard.records import Records, amount, as_table, number, text
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import Words, message

#: Below this size a whole number hides what matters.
_FINE_BELOW: Final = 100
HOW_TO_READ: Final = message(
    "The bar is the 95% interval: where it does not touch the line at 0, the data show a change. It is the average "
    "over the months after, and never proves by itself that the initiative was the cause."
)
_VERDICTS: Final = {
    "fell": message("fell"),
    "rose": message("rose"),
    "no_clear_change": message("no clear change"),
    "cannot_tell": message("cannot be told yet"),
}


def part(answer: Answer, place: int, sections: Mapping[str, str], filters: Filters) -> Component:
    """The effect with its chart and its doubts; ``place`` numbers it on the page."""
    words = filters.words
    conclusion, *doubts = sentences(answer, words)
    table = months(answer, place, sections, filters)
    chart = Chart(
        before_after_figure(answer.question, unit_of(answer, words), words), _window(answer, words), as_table(table)
    )
    return html.Div(
        [
            html.H3(_title(answer, sections, filters)),
            html.P(conclusion, className="verdict"),
            *_interval(answer, conclusion, words),
            html.Ul([html.Li(doubt) for doubt in doubts], className="doubts"),
            *([drawn_chart(f"effect-{place}", table.caption, chart, HEIGHT_PX, words)] if table.rows else []),
        ],
        className="effect",
    )


def sentences(answer: Answer, words: Words) -> list[str]:
    """The conclusion, how it was found, and what it does not show."""
    entry, effect = answer.indicator, answer.effect
    unit = told.unit(entry, words)
    return said_of(effect, told.title(entry, words), unit, _digits(answer), texts_in(words.language))


def unit_of(answer: Answer, words: Words) -> str:
    """The unit; of amounts per day the site was open."""
    unit = told.unit(answer.indicator, words)
    return words.say("{unit} per open day", unit=unit) if answer.question.open_days is not None else unit


def _digits(answer: Answer) -> int:
    estimate = answer.effect.estimate
    fine = estimate is not None and abs(estimate) < _FINE_BELOW
    return max(answer.indicator.decimals, 1 if fine else 0)


def _title(answer: Answer, sections: Mapping[str, str], filters: Filters) -> str:
    place = scope_name(answer.scope, filters, sections)
    return filters.words.say("{indicator}: {place}", indicator=told.title(answer.indicator, filters.words), place=place)


def _interval(answer: Answer, description: str, words: Words) -> list[Component]:
    effect = answer.effect
    if effect.estimate is None or effect.low is None or effect.high is None:
        return []
    digits = _digits(answer)
    low, value, high = (f"{each:+,.{digits}f}".replace("-", "−") for each in (effect.low, effect.estimate, effect.high))
    drawing = interval(effect.low, effect.estimate, effect.high, (low, value, high), description)
    return [drawing, html.P(_against(effect, answer, digits, words), className="tile-note")]


def _against(effect: Effect, answer: Answer, digits: int, words: Words) -> str:
    if effect.before is None or effect.per_cent is None:
        return ""
    return words.say(
        "Level before: {before} {unit}. The change is {per_cent}% of it.",
        before=f"{effect.before:,.{digits}f}",
        unit=unit_of(answer, words),
        per_cent=f"{effect.per_cent:+.1f}".replace("-", "−"),
    )


def _window(answer: Answer, words: Words) -> str:
    known = [each for each in answer.question.treated if each.value is not None]
    if not known:
        return words.say("No month is known.")
    return words.say(
        "{count} months are known, {first} to {last}.",
        count=len(known),
        first=f"{known[0].first:%Y-%m}",
        last=f"{known[-1].first:%Y-%m}",
    )


def months(answer: Answer, place: int, sections: Mapping[str, str], filters: Filters) -> Records:
    """The months behind the effect."""
    words = filters.words
    caption = words.say("Months before and after, {title}", title=_title(answer, sections, filters))
    return before_after_records(f"effect-{place}-by-month", caption, unit_of(answer, words), answer.question, words)


def records(answers: Sequence[Answer], sections: Mapping[str, str], filters: Filters) -> Records:
    """One row per indicator and place."""
    words = filters.words
    fields = (
        text("indicator", words.say("Indicator")),
        text("place", words.say("Place")),
        text("verdict", words.say("Conclusion")),
        amount("estimate", words.say("Change"), "", 2),
        amount("low", words.say("95% interval, from"), "", 2),
        amount("high", words.say("95% interval, to"), "", 2),
        text("unit", words.say("Unit")),
        number("months_before", words.say("Months before"), "months"),
        number("months_after", words.say("Months after"), "months"),
        text("cautions", words.say("Remarks")),
    )
    rows = tuple(
        (
            answer.indicator.key,
            scope_name(answer.scope, filters, sections),
            words.say(_VERDICTS[answer.effect.verdict]),
            _rounded(answer.effect.estimate),
            _rounded(answer.effect.low),
            _rounded(answer.effect.high),
            unit_of(answer, words),
            answer.effect.months_before,
            answer.effect.months_after,
            " ".join(answer.effect.cautions),
        )
        for answer in answers
    )
    return Records("effects", words.say("What it has changed"), fields, rows)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
