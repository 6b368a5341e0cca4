"""Files to take home: every dataset, in every form, for the period that is chosen above.

Responsible for the list of links. Refuses to make files (see ``datasets``).
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.exports.datasets import DATASETS, Dataset
from shigotoba_backend.exports.formats import Form
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.parts import aria, scrolling, section
from shigotoba_dashboard.paths import DATASETS_PATH
from shigotoba_dashboard.periods import name
from shigotoba_dashboard.words import Words, message

_FORMS: Final[dict[Form, str]] = {
    "csv": message("CSV"),
    "csv-bom": message("CSV for Excel"),
    "xlsx": message("XLSX"),
    "parquet": message("Parquet"),
    "json": message("JSON"),
}


def section_of(filters: Filters) -> Component:
    """The section; says what is wanted where the visitor may not."""
    words = filters.words
    title = words.say("Files to take home")
    if not filters.may_take_datasets:
        return section("take", title, [html.P(words.say("Your roles do not include taking figures home."))])
    told = words.say(
        "Rows of {period}, chosen above. Long form, one header row, plain numbers, a blank where nothing is known; the "
        "dictionary says what each column means. Each file is noted in the audit log.",
        period=name(filters.elapsed, words),
    )
    return section(
        "take", title, [html.P(told), scrolling(words.say("{title}: as a table", title=title), _table(filters))]
    )


def _table(filters: Filters) -> Component:
    words = filters.words
    columns = (words.say("Dataset"), words.say("Files"), words.say("Dictionary"))
    head = html.Thead(html.Tr([html.Th(column, scope="col") for column in columns]))
    return html.Table(
        [
            html.Caption(words.say("Datasets")),
            head,
            html.Tbody([_row(key, dataset, filters) for key, dataset in DATASETS.items()]),
        ],
        className="table",
    )


def _row(key: str, dataset: Dataset, filters: Filters) -> Component:
    words = filters.words
    title = dataset.layout.title if filters.language == "ja" else dataset.layout.title_en
    dictionary = _link(key, "dictionary", words.say("What the columns mean"), title, filters)
    files = _too_long(dataset, words) if filters.elapsed.days > dataset.most_days else _links(key, title, filters)
    return html.Tr([html.Th(title, scope="row"), html.Td(files), html.Td(dictionary)])


def _too_long(dataset: Dataset, words: Words) -> str:
    return words.say("At most {days} days in one file: choose a shorter period above.", days=dataset.most_days)


def _links(key: str, title: str, filters: Filters) -> Component:
    links = [html.Li(_link(key, form, filters.words.say(label), title, filters)) for form, label in _FORMS.items()]
    return html.Ul(links, className="in-line")


def _link(key: str, form: str, label: str, title: str, filters: Filters) -> Component:
    return html.A(
        label,
        href=f"{DATASETS_PATH}{key}/{form}?{filters.query()}",
        download="",
        **aria(label=f"{title} {label}"),
    )
