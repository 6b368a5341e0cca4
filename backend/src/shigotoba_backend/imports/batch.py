"""Many things brought at once: figures, base years, targets and programmes that one TOML file names.

What a yearly round of files comes to, and what the demo is given. Each thing is kept as its own command would keep it,
with its own entry in the audit log; doing it again changes nothing. Responsible for the order and for stopping at the
first thing that cannot be taken, which it names. Refuses to correct: a figure that is kept already stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.imports import desk
from shigotoba_backend.imports.catalogue import Series, series
from shigotoba_backend.imports.columns import find_columns, template_of
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.entries import Entry, Problem, read_entries
from shigotoba_backend.imports.keeping import Origin, ReasonWantedError, keep
from shigotoba_backend.imports.sheets import read_sheet
from shigotoba_backend.indicators.bases import bases_of, draft_base, publish_base
from shigotoba_backend.indicators.model import Amount, Indicator
from shigotoba_backend.indicators.periods import fiscal_year
from shigotoba_backend.indicators.registry import REGISTRY, indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import Target, put_target, targets
from shigotoba_backend.indicators.values import amounts_of_series
from shigotoba_backend.plans.cards import read_programmes
from shigotoba_backend.plans.keeping import import_programme
from shigotoba_backend.texts import Texts, texts_in

_JAPAN: Final = ZoneInfo("Asia/Tokyo")
_OF_PUBLIC_BODIES: Final = files("shigotoba_backend.reference").joinpath("programmes.toml")


class BroughtFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of one series."""

    series: str
    scope: str
    file: str
    source: str


class BroughtBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A base year to publish: from a file, for a year before there were sensors; else from the figures there are."""

    indicator: str
    scope: str
    year: int
    by: str
    file: str = ""


class BroughtTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an indicator is to reach by the end of a fiscal year."""

    indicator: str
    scope: str
    year: int
    value: float
    by: str
    reason: str = ""


class BroughtProgramme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Programmes for an organisation: of a file, or without one those of public bodies that come with the product."""

    organisation: str
    file: str = ""


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a TOML file names; files are looked for beside it."""

    figures: tuple[BroughtFigures, ...] = ()
    base_years: tuple[BroughtBase, ...] = ()
    targets: tuple[BroughtTarget, ...] = ()
    programmes: tuple[BroughtProgramme, ...] = ()


class BatchError(Exception):
    """Something cannot be taken; the message says which file, which row, and what to do."""


class CellsError(Exception):
    """Cells of a file cannot be taken; the message has a line for each."""

    def __init__(self, problems: tuple[Problem, ...], texts: Texts) -> None:
        lines = [f"row {each.row}, {each.column}: {each.said(texts)}" for each in problems]
        super().__init__("\n".join([*lines, f"{len(lines)} cells cannot be taken. Nothing was kept; mend them first."]))


def without_problems(understood: desk.Understood, texts: Texts) -> desk.Understood:
    """The same.

    Raises:
        CellsError: Cells of it cannot be taken.
    """
    if understood.problems:
        raise CellsError(understood.problems, texts)
    return understood


def keep_batch(conn: psycopg.Connection, path: Path, now: datetime) -> Iterator[str]:
    """Keeps what the file names and says a line for each thing.

    Raises:
        BatchError: The file or one of those it names cannot be taken. What came before it is kept.
    """
    try:
        batch = msgspec.toml.decode(read_file(path), type=Batch)
    except msgspec.MsgspecError as error:
        raise BatchError(f"{path}: {error}. See docs/imports.md for what such a file looks like.") from error
    for brought in batch.figures:
        yield _figures(conn, brought, path.parent / brought.file, now)
    for base in batch.base_years:
        yield _base(conn, base, path.parent, now)
    for target in batch.targets:
        yield _target(conn, target, now)
    for named in batch.programmes:
        data = read_file(path.parent / named.file) if named.file else _OF_PUBLIC_BODIES.read_bytes()
        for programme in read_programmes(data, REGISTRY):
            done = import_programme(conn, named.organisation, programme, COMMAND, now)
            yield f"programme {done.programme}: new {done.new}, changed {done.changed}, as before {done.same}"


def read_file(path: Path) -> bytes:
    """What is in the file.

    Raises:
        BatchError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BatchError(f"{path}: {error.strerror}. Name a file that can be read.") from error


def _figures(conn: psycopg.Connection, brought: BroughtFigures, path: Path, now: datetime) -> str:
    of = desk.Brought(series(brought.series), Scope.parse(brought.scope), brought.source)
    data = read_file(path)
    try:
        understood = without_problems(desk.understand_file(conn, of, data, {}, _today(now)), texts_in("en"))
        origin = Origin(form=understood.form, file_name=path.name, digest=understood.digest)
        done = keep(conn, understood.preview, origin, COMMAND, "", now)
    except (CellsError, ComplaintError) as error:
        raise BatchError(f"{path}: {error}") from error
    except ReasonWantedError as error:
        raise BatchError(f"{path}: {error} Use `import keep {brought.series} … --reason` for this file.") from error
    return f"{brought.series} {brought.scope}: new {done.new}, as before {done.same}"


def _base(conn: psycopg.Connection, base: BroughtBase, folder: Path, now: datetime) -> str:
    told = f"base year {base.year} of {base.indicator} {base.scope}"
    held = bases_of(conn, base.indicator, base.scope)
    if any(each.fiscal_year == base.year and each.published_at for each in held):
        return f"{told}: published already"
    with conn.transaction():
        number = draft_base(conn, base.indicator, base.scope, base.year, _base_amounts(conn, base, folder, now))
        publish_base(conn, number, base.by, now)
        record(conn, COMMAND, Deed("base_year.publish", f"base_year:{number}", after={"file": base.file}))
    return f"{told}: published as number {number}"


def _base_amounts(conn: psycopg.Connection, base: BroughtBase, folder: Path, now: datetime) -> list[Amount]:
    entry = indicator(base.indicator)
    if not base.file:
        return amounts_of_series(conn, entry.key, Scope.parse(base.scope), fiscal_year(base.year), now)
    data = read_file(folder / base.file)
    try:
        return base_of_file(entry, base.year, data, _today(now))
    except (BatchError, CellsError, ComplaintError) as error:
        raise BatchError(f"{folder / base.file}: {error}") from error


def base_of_file(entry: Indicator, year: int, data: bytes, today: date) -> list[Amount]:
    """The amounts of a base year as a file brings them: months, or the year as a whole.

    Raises:
        ComplaintError: The file cannot be read at all.
        CellsError: Cells of it cannot be taken.
        BatchError: A period is not of that fiscal year.
    """
    as_series = Series(
        entry.key, entry.name, entry.name_en, entry.definition, entry.definition_en, "amount", entry.unit,
        (entry.unit, "枚", "面", "ページ"), "none", (entry.name,),
    )  # fmt: skip
    read = read_entries(find_columns(read_sheet(data), template_of(as_series)), as_series, "", today)
    if read.problems:
        raise CellsError(read.problems, texts_in("en"))
    for each in read.entries:
        if each.period.fiscal_year != year:
            raise BatchError(f"row {each.row}: {each.period} is not of the fiscal year {year}.")
    return [_amount(each) for each in read.entries]


def _amount(entry: Entry) -> Amount:
    value = None if entry.numerator is None else float(entry.numerator)
    months = len(entry.period.months)
    return Amount(first=entry.period.first, months=months, numerator=value, estimate=entry.estimate)


def _target(conn: psycopg.Connection, target: BroughtTarget, now: datetime) -> str:
    entry, scope = indicator(target.indicator), Scope.parse(target.scope)
    told = f"target {target.value:g} {entry.unit} of {entry.key} {scope} by the end of FY{target.year}"
    held = targets(conn, entry.key, str(scope))
    if any((each.fiscal_year, each.value) == (target.year, target.value) for each in held):
        return f"{told}: set already"
    with conn.transaction():
        put_target(conn, entry.key, str(scope), Target(target.year, target.value, target.reason, target.by, now))
        after = {"scope": str(scope), "year": target.year, "value": target.value}
        record(conn, COMMAND, Deed("target.set", f"indicator:{entry.key}", after=after, reason=target.reason))
    return told


def _today(now: datetime) -> date:
    return now.astimezone(_JAPAN).date()
