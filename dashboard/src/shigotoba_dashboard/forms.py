"""Forms that change something: labelled fields, a button, and a place where a refusal is told.

A form is sent by ``assets/changes.js``, which keeps what was typed when it is refused. Responsible for these
components. Refuses to know what a change does (see ``changes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.paths import CHANGES_PATH


def change_form(
    page: str, name: str, filters: Filters, fields: Sequence[Any], send: str, hidden: Iterable[tuple[str, str]] = ()
) -> Component:
    """A form that asks ``page`` for the change called ``name``; ``send`` is what its button says."""
    kept = (("site", filters.site), ("lang", filters.language), *hidden)
    key = "-".join((page, name, *(value for _, value in kept)))
    return html.Form(
        [
            *(dcc.Input(type="hidden", name=each, value=value, id=f"{key}-{each}") for each, value in kept),
            *fields,
            html.Button(send, type="submit", className="button"),
            html.P("", className="refusal", role="alert"),
        ],
        action=f"{CHANGES_PATH}{page}/{name}",
        method="POST",
        className="change-form",
        key=key,
    )


def typed(name: str, label: str, value: str = "", hint: str = "") -> Component:
    """A field to type into."""
    said = [html.Span(hint, className="hint")] if hint else []
    return html.Label([html.Span(label), *said, dcc.Input(type="text", name=name, value=value, autoComplete="off")])


def typed_lines(name: str, label: str, lines: Sequence[str], hint: str = "") -> Component:
    """A field to type several lines into."""
    said = [html.Span(hint, className="hint")] if hint else []
    return html.Label(
        [html.Span(label), *said, dcc.Textarea(name=name, value="\n".join(lines), rows=max(3, len(lines) + 1))]
    )


def file_to_choose(name: str, label: str, component: str) -> Component:
    """A field for a file; ``component`` is its id."""
    kind: Any = "file"  # The browser knows it, Dash's signature does not.
    return html.Label([html.Span(label), dcc.Input(type=kind, name=name, id=component)])


def chosen(name: str, label: str, options: Iterable[tuple[str, str]], value: str = "") -> Component:
    """A field to choose from: pairs of value and text; ``value`` stands first."""
    offered = sorted(options, key=lambda option: option[0] != value)
    return html.Label(
        [html.Span(label), html.Select([html.Option(text, value=each) for each, text in offered], name=name)]
    )
