"""What keeping the figures on the shelf would change, line by line, before anything is kept.

Responsible for this section: problems first, then new figures and corrections with the old value beside the new.
Refuses to keep while a cell cannot be read.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.imports.desk import Understood
from shigotoba_backend.imports.preview import Change
from shigotoba_backend.texts import texts_in
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.forms import change_form, typed
from shigotoba_dashboard.pages.data.held import REMARKS, period_name, remarks, value_field
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Records, as_table, prose, text
from shigotoba_dashboard.words import Words, message

_KINDS: Final = {
    "new": message("＋ new"),
    "corrected": message("△ corrected"),
    "same": message("＝ as before"),
}


def sections_of(shown: Understood | None, filters: Filters) -> list[Component]:
    """The section; none where nothing is being brought, a word where it is gone."""
    words = filters.words
    if shown is None:
        gone = words.say("What was brought lay here too long. Bring it again.")
        return [html.P(gone, className="notice")] if filters.get("shown") else []
    parts = _problems(shown, words) if shown.problems else [_keep_form(shown, filters)]
    table = _records(shown, filters)
    return [
        section(
            "shown",
            words.say("What would change"),
            [
                html.P(_sentence(shown, words), className="headline"),
                *parts,
                scrolling(words.say("{title}: as a table", title=table.caption), table_of(as_table(table))),
            ],
        )
    ]


def _sentence(shown: Understood, words: Words) -> str:
    preview = shown.preview
    return words.say(
        "{new} new, {corrected} corrected, {same} as before; {blank} periods without a value. Nothing is kept yet.",
        new=preview.news,
        corrected=preview.corrections,
        same=len(preview.changes) - preview.news - preview.corrections,
        blank=len(shown.blank),
    )


def _problems(shown: Understood, words: Words) -> list[Component]:
    texts = texts_in(words.language)
    found = [
        html.Li(
            words.say("Row {row}, “{column}”: {problem}", row=each.row, column=each.column, problem=each.said(texts))
        )
        for each in shown.problems
    ]
    told = words.say("{count} cells cannot be taken. Mend them and bring the file again.", count=len(found))
    return [html.P(told, className="notice", role="alert"), html.Ul(found, className="doubts")]


def _keep_form(shown: Understood, filters: Filters) -> Component:
    words, corrections = filters.words, shown.preview.corrections
    asked = [typed("reason", words.say("Reason for the corrections"), hint=words.say("Stays beside the old figures."))]
    hidden = [(name, filters.get(name) or "") for name in ("series", "scope", "shown")]
    return change_form(
        "data",
        "keep",
        filters,
        asked if corrections else [],
        words.say("Keep"),
        [*hidden, ("token", shown.preview.token)],
    )


def _records(shown: Understood, filters: Filters) -> Records:
    words = filters.words
    fields = (
        text("kind", words.say("Kind")),
        text("period", words.say("Period")),
        value_field("before", words.say("Now")),
        value_field("value", words.say("Then")),
        text("written", words.say("As written")),
        prose("remarks", words.say(REMARKS)),
    )
    rows = tuple(_row(change, words) for change in shown.preview.changes)
    marked = frozenset(number for number, change in enumerate(shown.preview.changes) if change.slip)
    return Records("shown", words.say("What would change"), fields, rows, marked=marked)


def _row(change: Change, words: Words) -> tuple[str | float | None, ...]:
    slip = words.say("far from the others: a slip?") if change.slip else ""
    between = words.say(", ")
    return (
        words.say(_KINDS[change.kind]),
        period_name(change.entry.period, words),
        None if change.before is None or change.before.numerator is None else float(change.before.numerator),
        None if change.entry.numerator is None else float(change.entry.numerator),
        change.entry.written or None,
        between.join(filter(None, (slip, remarks(change.entry, words)))) or None,
    )
