"""The commands ``import``: show what a file would change, keep it, correct a figure, look back.

Responsible for arguments and for what is printed. Refuses to keep a file of which one cell cannot be taken.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.commands import Command
from shigotoba_backend.imports import desk
from shigotoba_backend.imports.batch import BatchError, CellsError, keep_batch, read_file, without_problems
from shigotoba_backend.imports.catalogue import SERIES, UnknownSeriesError, series
from shigotoba_backend.imports.columns import MEANINGS, Meaning
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.desk import Brought, Understood
from shigotoba_backend.imports.held import Held, history_of
from shigotoba_backend.imports.keeping import ChangedMeanwhileError, Origin, ReasonWantedError, keep
from shigotoba_backend.imports.periods import named, read_period
from shigotoba_backend.imports.preview import Change
from shigotoba_backend.indicators import cli as indicators
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.cards import PlanFileError
from shigotoba_backend.plans.keeping import UnknownInitiativeError
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect
from shigotoba_backend.texts import LANGUAGES, texts_in

PROBLEMS: Final = (
    BatchError,
    CellsError,
    ChangedMeanwhileError,
    ComplaintError,
    PlanFileError,
    ReasonWantedError,
    UnknownInitiativeError,
    UnknownSeriesError,
    *indicators.PROBLEMS,
)
"""What was given wrongly; each says itself what to do."""

_JAPAN: Final = ZoneInfo("Asia/Tokyo")


def _list(_settings: BackendSettings, options: argparse.Namespace) -> None:
    for each in SERIES.values():
        print(f"{each.key:28} {each.name if options.language == 'ja' else each.name_en} ({each.unit})")


def _form(_settings: BackendSettings, options: argparse.Namespace) -> None:
    sys.stdout.write(desk.blank_form(series(options.series)))


def _preview(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        understood = _understand(conn, options)
    _print_changes(understood)
    without_problems(understood, texts_in(options.language))
    print(f"new {understood.preview.news}, corrected {understood.preview.corrections}. Nothing was kept yet.")


def _keep(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        understood = without_problems(_understand(conn, options), texts_in(options.language))
        origin = Origin(form=understood.form, file_name=options.file.name, digest=understood.digest)
        done = keep(conn, understood.preview, origin, COMMAND, options.reason, datetime.now(UTC))
    print(f"new {done.new}, corrected {done.corrected}, as before {done.same}")


def _correct(settings: BackendSettings, options: argparse.Namespace) -> None:
    row: dict[Meaning, str] = {meaning: getattr(options, meaning, "") or "" for meaning in MEANINGS}
    with contextlib.closing(connect(settings.database)) as conn:
        told = desk.understand_rows(conn, _brought(options), [row], _today())
        understood = without_problems(told, texts_in(options.language))
        origin = Origin(form="rest", digest=understood.digest)
        keep(conn, understood.preview, origin, COMMAND, options.reason, datetime.now(UTC))
    _print_changes(understood)


def _history(settings: BackendSettings, options: argparse.Namespace) -> None:
    of, period = series(options.series), read_period(options.period)
    with contextlib.closing(connect(settings.database)) as conn:
        for held in history_of(conn, of.key, Scope.parse(options.scope), str(period)):
            print(_past(held, of.unit))


def _batch(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        for line in keep_batch(conn, options.file, datetime.now(UTC)):
            print(line)


def _understand(conn: psycopg.Connection, options: argparse.Namespace) -> Understood:
    chosen = dict(options.heading)
    return desk.understand_file(conn, _brought(options), read_file(options.file), chosen, _today())


def _brought(options: argparse.Namespace) -> Brought:
    return Brought(series(options.series), Scope.parse(options.scope), options.source)


def _today() -> date:
    return datetime.now(_JAPAN).date()


def _print_changes(understood: Understood) -> None:
    for change in understood.preview.changes:
        print(_line(change))
    for period in understood.blank:
        print(f"{named(period)}: blank, which is unknown and not 0: left as it is")


def _line(change: Change) -> str:
    entry = change.entry
    told = f"{named(entry.period)}: {_amount(entry.numerator, entry.denominator)}{' (estimate)' * entry.estimate}"
    if change.before is not None and change.kind == "corrected":
        told += f" instead of {_amount(change.before.numerator, change.before.denominator)}"
    return f"{change.kind:9} {told}" + "  far from the others: 万 or a comma astray?" * change.slip


def _past(held: Held, unit: str) -> str:
    who = "a command" if held.recorded_by is None else f"person {held.recorded_by}"
    why = f": {held.reason}" if held.reason else ""
    amount = _amount(held.numerator, held.denominator)
    return f"{held.recorded_at:%Y-%m-%d %H:%M}Z {amount} {unit}, written “{held.written}”, by {who}{why}"


def _amount(numerator: object, denominator: object) -> str:
    return f"{numerator:f}" if denominator is None else f"{numerator:f} of {denominator:f}"


def _heading(text: str) -> tuple[Meaning, str]:
    meaning, _, heading = text.partition("=")
    if meaning not in MEANINGS or not heading:
        raise argparse.ArgumentTypeError(f"{text!r} is not such as value=購入枚数; meanings: {', '.join(MEANINGS)}")
    return meaning, heading


def _language_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of names and complaints")


def _series_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", help="its key; `import series` lists them")


def _scope_arguments(parser: argparse.ArgumentParser) -> None:
    _series_arguments(parser)
    parser.add_argument("--scope", required=True, help="such as site:honcho, organisation:main or section:main/somu")


def _source_arguments(parser: argparse.ArgumentParser) -> None:
    _scope_arguments(parser)
    _language_arguments(parser)
    parser.add_argument("--source", required=True, help="where the figures come from, for rows that do not say so")


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    _source_arguments(parser)
    parser.add_argument("file", type=Path, help="CSV in UTF-8 or Shift_JIS, or Excel (.xlsx)")
    parser.add_argument("--heading", type=_heading, action="append", default=[], metavar="MEANING=HEADING")


def _keep_arguments(parser: argparse.ArgumentParser) -> None:
    _file_arguments(parser)
    parser.add_argument("--reason", default="", help="why figures that are kept already are replaced")


def _correct_arguments(parser: argparse.ArgumentParser) -> None:
    _source_arguments(parser)
    parser.add_argument("period", help="such as 2026-10, R8.10 or 令和8年度")
    parser.add_argument("value", nargs="?", default="", help="as people write it: 12万3,400")
    parser.add_argument("--numerator", help="of a rate: the count above the line")
    parser.add_argument("--denominator", help="of a rate: the count below it")
    parser.add_argument("--estimate", action="store_const", const="推計", help="an estimate, not measured")
    parser.add_argument("--note")
    parser.add_argument("--reason", required=True, help="what was wrong with the figure before")


def _history_arguments(parser: argparse.ArgumentParser) -> None:
    _scope_arguments(parser)
    parser.add_argument("period", help="such as 2026-10 or 令和8年度")


def _batch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="TOML that names files, base years, targets and programmes")


COMMANDS: Final = (
    Command("series", "list what figures can be brought", _list, _language_arguments),
    Command("form", "print a CSV form of a series to fill in", _form, _series_arguments),
    Command("preview", "show what a file would change, and keep nothing", _preview, _file_arguments),
    Command("keep", "keep a file's figures", _keep, _keep_arguments),
    Command("correct", "keep one figure in place of another, with the reason", _correct, _correct_arguments),
    Command("history", "tell everything that ever held for a period", _history, _history_arguments),
    Command("batch", "keep all that a TOML file names, once or again", _batch, _batch_arguments),
)
