"""The commands ``indicators``: ask for a value, fix a base year, set a target.

Responsible for arguments, for what is printed, and for entries in the audit log. Refuses arithmetic.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime
from typing import Final, get_args

import psycopg

from shigotoba_backend.accounts.audit import COMMAND, Deed, Values, record
from shigotoba_backend.commands import Command
from shigotoba_backend.indicators.bases import BaseYearError, base_by_number, draft_base, publish_base, restate_base
from shigotoba_backend.indicators.model import Basis, IndicatorValue
from shigotoba_backend.indicators.periods import Period, PeriodError, fiscal_year
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import UnknownIndicatorError, indicator
from shigotoba_backend.indicators.scopes import Scope, ScopeError
from shigotoba_backend.indicators.targets import Target, put_target
from shigotoba_backend.indicators.values import BasisError, amounts_of_series, indicator_values
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect

PROBLEMS: Final = (BaseYearError, BasisError, PeriodError, ScopeError, UnknownIndicatorError, UnknownScopeError)
"""What was given wrongly; each says itself what to do."""


def _value(settings: BackendSettings, options: argparse.Namespace) -> None:
    scope, period = Scope.parse(options.scope), Period.parse(options.period)
    with contextlib.closing(connect(settings.database)) as conn:
        (value,) = indicator_values(conn, options.key, scope, [period], options.basis, datetime.now(UTC))
    print(_line(value, indicator(options.key).decimals))


def _line(value: IndicatorValue, decimals: int) -> str:
    told = f"— ({value.reason})" if value.value is None else f"{value.value:.{decimals}f} {value.unit}"
    parts = [f"{value.key} {value.scope} {value.period} {value.basis}: {told}"]
    if value.base is not None:
        parts.append(f"base FY{value.base.fiscal_year} {value.base.value:g} over {len(value.base.months)} months")
    if value.coverage is not None:
        parts.append(f"{100 * value.coverage:.1f} % known")
    parts += ["estimate"] * value.estimate + [value.exclusions] * bool(value.exclusions)
    return ", ".join(parts)


def _draft(settings: BackendSettings, options: argparse.Namespace) -> None:
    scope, now = Scope.parse(options.scope), datetime.now(UTC)
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        amounts = amounts_of_series(conn, options.key, scope, fiscal_year(options.year), now)
        number = draft_base(conn, options.key, str(scope), options.year, amounts)
        _note(conn, "base_year.draft", f"base_year:{number}", {"indicator": options.key, "scope": str(scope)})
    known = sum(each.numerator is not None for each in amounts)
    print(f"base year number {number} drafted: {known} of {len(amounts)} months are known")


def _publish(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        publish_base(conn, options.number, options.by, datetime.now(UTC))
        _note(conn, "base_year.publish", f"base_year:{options.number}", {})
    print(f"base year number {options.number} is published and stays as it is")


def _restate(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        old = base_by_number(conn, options.number)
        asked = (Scope.parse(old.scope), fiscal_year(old.fiscal_year))
        amounts = amounts_of_series(conn, old.indicator, *asked, datetime.now(UTC))
        number = restate_base(conn, options.number, amounts, options.reason)
        _note(conn, "base_year.restate", f"base_year:{number}", {"restates": options.number}, options.reason)
    print(f"base year number {number} drafted in place of number {options.number}; publish it to let it count")


def _target(settings: BackendSettings, options: argparse.Namespace) -> None:
    scope, entry = Scope.parse(options.scope), indicator(options.key)
    goal = Target(options.year, options.value, options.reason, options.by, datetime.now(UTC))
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        put_target(conn, entry.key, str(scope), goal)
        told = {"scope": str(scope), "year": options.year, "value": options.value}
        _note(conn, "target.set", f"indicator:{entry.key}", told, options.reason)
    print(f"{entry.key} {scope}: {options.value:g} {entry.unit} by the end of FY{options.year}")


def _note(conn: psycopg.Connection, action: str, what: str, after: Values, reason: str = "") -> None:
    record(conn, COMMAND, Deed(action, what, after=after, reason=reason))


def _of_something(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", help="of the indicator, as in docs/indicators.md")
    parser.add_argument("scope", help="such as site:honcho or floor:honcho/3f")


def _value_arguments(parser: argparse.ArgumentParser) -> None:
    _of_something(parser)
    parser.add_argument("period", help="such as 2026-10, FY2026 or FY2026/2026-10")
    parser.add_argument("--basis", choices=get_args(Basis), default="single_month")


def _draft_arguments(parser: argparse.ArgumentParser) -> None:
    _of_something(parser)
    parser.add_argument("year", type=int, help="the fiscal year that begins in April of")


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, help="of the draft")
    parser.add_argument("--by", required=True, help="who publishes it")


def _restate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, help="of the published base year")
    parser.add_argument("--reason", required=True, help="what was wrong with it")


def _target_arguments(parser: argparse.ArgumentParser) -> None:
    _draft_arguments(parser)
    parser.add_argument("value", type=float, help="in the indicator's unit; a reduction is negative")
    parser.add_argument("--by", required=True, help="who sets it")
    parser.add_argument("--reason", default="", help="why, or why it changes")


COMMANDS: Final = (
    Command("value", "tell the value of an indicator", _value, _value_arguments),
    Command("base-draft", "take a fiscal year's figures as a base to compare with", _draft, _draft_arguments),
    Command("base-publish", "fix a drafted base year for good", _publish, _publish_arguments),
    Command("base-restate", "draft a base year in place of a published one", _restate, _restate_arguments),
    Command("target", "set what an indicator is to reach in a fiscal year", _target, _target_arguments),
)
