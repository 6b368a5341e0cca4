"""The figures that are held, what each was before it was corrected, and how much is held of every series.

Who kept a figure is told by number, as the audit log does: names are no part of a figure. Responsible for these
sections. Refuses to change anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.imports.catalogue import SERIES, Series
from shigotoba_backend.imports.entries import Entry
from shigotoba_backend.imports.held import Held, SeriesHeld
from shigotoba_backend.imports.periods import named
from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.sites import SectionInfo
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import moment
from shigotoba_dashboard.pages.data.choosing import section_names, series_name
from shigotoba_dashboard.parts import folded_table, scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, number, prose, text
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import Words, message

REMARKS: Final = message("Remarks")


def period_name(period: Period, words: Words) -> str:
    """The period with its era in Japanese; as files name it in English."""
    return named(period) if words.language == "ja" else str(period)


def value_field(key: str, name: str, unit: str = "") -> Field:
    """A column of brought values, with as many decimals as were brought."""
    return Field(key, name, unit, lambda value: f"{value:,.10g}", number=True)


def remarks(figure: Entry | Held, words: Words) -> str:
    """Estimate, limit, special factors, counts, note."""
    parts = (
        words.say("estimate") if figure.estimate else "",
        words.say("a limit, not the value") if figure.bound != "exact" else "",
        words.say("{part} of {whole}", part=_plain(figure.numerator), whole=_plain(figure.denominator))
        if figure.denominator is not None
        else "",
        words.say(
            "special factors {excluded} ({reason})", excluded=_plain(figure.excluded), reason=figure.excluded_reason
        )
        if figure.excluded
        else "",
        figure.note,
    )
    return words.say(", ").join(filter(None, parts))


def _plain(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.10g}"


def section_of(series: Series, figures: tuple[Sequence[Held], Sequence[Held]], filters: Filters) -> Component:
    """What holds now, and every correction."""
    words = filters.words
    table, changed = records(series, figures[0], filters), corrections(series, figures, filters)
    title = words.say("Held: {series}", series=series_name(series, words))
    if not table.rows:
        return section("held", title, [html.P(words.say("No figure has been brought yet."))])
    told_of_it = words.say(
        "{count} periods have a figure; {corrected} were corrected.", count=len(table.rows), corrected=len(changed.rows)
    )
    return section(
        "held",
        title,
        [
            html.P(told_of_it, className="sentence"),
            folded_table(words.say("Every figure that holds now"), as_table(table)),
            html.H3(words.say("Corrections")),
            _corrections(changed, words),
        ],
    )


def _corrections(changed: Records, words: Words) -> Component:
    if not changed.rows:
        return html.P(words.say("Nothing has been corrected."))
    return scrolling(changed.caption, table_of(as_table(changed)))


def records(series: Series, figures: Sequence[Held], filters: Filters) -> Records:
    """One row per figure that holds now, newest period first."""
    words = filters.words
    fields = (
        text("period", words.say("Period")),
        value_field("value", series_name(series, words), _file_unit(series)),
        prose("remarks", words.say(REMARKS)),
        prose("source", words.say("Source")),
        _moment("recorded_at", words.say("Kept on"), filters),
    )
    rows = tuple(
        (each.period, _value(each, series), remarks(each, words) or None, each.source, each.recorded_at)
        for each in reversed(figures)
    )
    return Records("figures-held", words.say("Figures that hold now"), fields, rows)


def corrections(series: Series, figures: tuple[Sequence[Held], Sequence[Held]], filters: Filters) -> Records:
    """One row per correction, newest first: old, new, when, by whom, why."""
    words = filters.words
    held, once = figures
    later = {each.corrects: each for each in (*held, *once) if each.corrects is not None}
    fields = (
        text("period", words.say("Period")),
        value_field("before", words.say("Before"), _file_unit(series)),
        value_field("after", words.say("After"), _file_unit(series)),
        _moment("recorded_at", words.say("Corrected on"), filters),
        text("by", words.say("By")),
        prose("reason", words.say("Reason")),
    )
    rows = tuple(
        (old.period, _value(old, series), _value(new, series), new.recorded_at, _whom(new, words), new.reason)
        for old in once
        for new in [later[old.figure_id]]
    )
    return Records("figures-corrected", words.say("Corrections"), fields, rows)


def overview_section(every: Sequence[SeriesHeld], sections: Sequence[SectionInfo], filters: Filters) -> Component:
    """Every series of which anything is held."""
    words = filters.words
    table = overview(every, sections, filters)
    title = words.say("What has been brought so far")
    if not table.rows:
        return section("overview", title, [html.P(words.say("No figure has been brought yet."))])
    return section(
        "overview", title, [scrolling(words.say("{title}: as a table", title=title), table_of(as_table(table)))]
    )


def overview(every: Sequence[SeriesHeld], sections: Sequence[SectionInfo], filters: Filters) -> Records:
    """One row per series and scope, leading to it."""
    words = filters.words
    names: Mapping[str, str] = section_names(sections, words)
    known = [each for each in every if each.series in SERIES]
    fields = (
        text("series", words.say("Figures")),
        text("scope", words.say("Of what")),
        number("figures", words.say("Periods"), "periods"),
        text("first", words.say("First day")),
        text("last", words.say("Last day")),
        _moment("recorded_at", words.say("Last kept"), filters),
    )
    rows = tuple(
        (
            series_name(SERIES[each.series], words),
            scope_name(Scope.parse(each.scope), filters, names),
            each.figures,
            each.first,
            each.beyond - timedelta(days=1),
            each.recorded_at,
        )
        for each in known
    )
    links = tuple(
        filters.address("data", series=each.series, scope=each.scope, shown=None, rows=None) for each in known
    )
    return Records("series-held", words.say("What has been brought so far"), fields, rows, links)


def _moment(key: str, name: str, filters: Filters) -> Field:
    return Field(key, name, "", lambda at: moment(at, filters.at, filters.zone, filters.words))


def _value(figure: Held, series: Series) -> float | None:
    """The value; of a rate in counts, the share in per cent."""
    if figure.numerator is None:
        return None
    if series.in_per_cent and figure.denominator:
        return round(100 * float(figure.numerator / figure.denominator), 2)
    return float(figure.numerator)


def _file_unit(series: Series) -> str:
    return told.file_unit(series.unit)


def _whom(figure: Held, words: Words) -> str:
    if figure.recorded_by is None:
        return words.say("a command")
    return words.say("person no. {number}", number=figure.recorded_by)
