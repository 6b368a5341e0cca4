"""Base years: what later figures are compared with, fixed once it is published.

The amounts are kept, not asked for again, so that late readings and corrections do not move a published base; the
database itself refuses. A base that proves wrong is restated: a new one beside the old, with the reason.

Responsible for drafts, publication and restatement. Refuses to compare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("bases.sql", package="shigotoba_backend.indicators")


class BaseYearError(Exception):
    """A base year cannot be drafted, published or restated; the message says why."""


class BaseYear(msgspec.Struct, frozen=True):
    """A base year of one indicator and scope.

    Attributes:
        base_year_id: Its number.
        indicator: The key of the compared indicator, such as ``sheets``.
        scope: As text.
        fiscal_year: Which year.
        restates: The one it takes the place of.
        reason: Why it does.
        published_at: None for a draft.
        published_by: By whom.
        superseded: Whether a published restatement has taken its place.
    """

    base_year_id: int
    indicator: str
    scope: str
    fiscal_year: int
    restates: int | None
    reason: str
    published_at: datetime | None
    published_by: str | None
    superseded: bool


class _Held(msgspec.Struct, frozen=True):
    base_year_id: int
    first: date
    months: int
    numerator: float | None
    denominator: float | None
    estimate: bool
    exclusions: str

    @property
    def amount(self) -> Amount:
        told = msgspec.structs.asdict(self)
        del told["base_year_id"]
        return Amount(**told)


def bases_of(conn: psycopg.Connection, indicator: str, scope: str) -> list[BaseYear]:
    """Every base year of it, drafts and superseded ones included, by year and in order of restatement."""
    return _bases(conn, [(indicator, scope)])


def base_of(conn: psycopg.Connection, indicator: str, scope: str, fiscal_year: int | None = None) -> BaseYear | None:
    """The base in force: published before drafted, of several years the newest."""
    return bases_in_force(conn, [(indicator, scope)], fiscal_year).get((indicator, scope))


def bases_in_force(
    conn: psycopg.Connection, asked: Collection[tuple[str, str]], fiscal_year: int | None = None
) -> dict[tuple[str, str], BaseYear]:
    """The base in force of each indicator and scope that has one; one statement for all of them."""
    standing = [base for base in _bases(conn, asked) if not base.superseded and fiscal_year in (None, base.fiscal_year)]
    standing.sort(key=lambda base: (base.published_at is not None, base.fiscal_year))
    return {(base.indicator, base.scope): base for base in standing}


def _bases(conn: psycopg.Connection, asked: Collection[tuple[str, str]]) -> list[BaseYear]:
    told = {"indicators": [key for key, _scope in asked], "scopes": [scope for _key, scope in asked]}
    return rows_of(conn, BaseYear, _QUERIES["bases"], told)


def base_by_number(conn: psycopg.Connection, base_year_id: int) -> BaseYear:
    """The base year of that number.

    Raises:
        BaseYearError: There is none.
    """
    row = conn.execute(_QUERIES["of_number"], {"base_year_id": base_year_id}).fetchone()
    if row is None:
        raise BaseYearError(f"There is no base year number {base_year_id}.")
    found = bases_of(conn, *row)
    return next(base for base in found if base.base_year_id == base_year_id)


def amounts_of(conn: psycopg.Connection, base_year_id: int) -> list[Amount]:
    """What was known of the base year, by month."""
    return amounts_of_all(conn, [base_year_id])[base_year_id]


def amounts_of_all(conn: psycopg.Connection, base_year_ids: Collection[int]) -> dict[int, list[Amount]]:
    """What was known of each of the base years, by month; one statement for all of them."""
    found: dict[int, list[Amount]] = {each: [] for each in base_year_ids}
    held = rows_of(conn, _Held, _QUERIES["amounts"], {"base_year_ids": list(base_year_ids)})
    for each in held:
        found[each.base_year_id].append(each.amount)
    return found


def draft_base(
    conn: psycopg.Connection, indicator: str, scope: str, fiscal_year: int, amounts: Iterable[Amount]
) -> int:
    """Drafts a base year, or puts these amounts into the draft there is; its number.

    Raises:
        BaseYearError: It is published.
    """
    told = {"indicator": indicator, "scope": scope, "fiscal_year": fiscal_year}
    with conn.transaction():
        row = conn.execute(_QUERIES["draft"], told).fetchone()
        if row is None:
            raise BaseYearError(f"The base year {fiscal_year} of {indicator} for {scope} is published. Restate it.")
        return _filled(conn, int(row[0]), amounts)


def restate_base(conn: psycopg.Connection, base_year_id: int, amounts: Iterable[Amount], reason: str) -> int:
    """Drafts what will take the place of a published base; the number of the new one.

    Raises:
        BaseYearError: No reason is given, it is not published, or it was restated before.
    """
    if not reason.strip():
        raise BaseYearError("A restatement needs a reason: it is printed beside the figures.")
    with conn.transaction():
        row = conn.execute(_QUERIES["restate"], {"base_year_id": base_year_id, "reason": reason.strip()}).fetchone()
        if row is None:
            raise BaseYearError(f"Base year number {base_year_id} is not published, or was restated before.")
        return _filled(conn, int(row[0]), amounts)


def publish_base(conn: psycopg.Connection, base_year_id: int, by: str, now: datetime) -> None:
    """Fixes a draft for good.

    Raises:
        BaseYearError: There is no such draft, or it holds no amount.
    """
    told = {"base_year_id": base_year_id, "by": by, "now": now}
    if conn.execute(_QUERIES["publish"], told).rowcount == 0:
        raise BaseYearError(f"There is no draft with amounts under number {base_year_id}.")


def _filled(conn: psycopg.Connection, base_year_id: int, amounts: Iterable[Amount]) -> int:
    known = [each for each in amounts if each.numerator is not None and each.months > 0]
    conn.execute(_QUERIES["forget_amounts"], {"base_year_id": base_year_id})
    rows = [
        (base_year_id, each.first, each.months, each.numerator, each.denominator, each.estimate, each.exclusions)
        for each in known
    ]
    with conn.cursor() as cursor:
        cursor.executemany(_QUERIES["put_amount"], rows)
    return base_year_id
