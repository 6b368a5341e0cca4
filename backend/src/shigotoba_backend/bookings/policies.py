"""What an office says about its booths: for the organisation, a site, a zone or a booth, for some days.

Responsible for keeping what was said, checked: alone, and together with what is said above and below it. Refuses to put
rules of different places together (see ``rules``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.rules import Rules
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("policies.sql", package="shigotoba_backend.bookings")

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is for: the whole site where neither a zone nor a booth is named.

    Attributes:
        site: Code of the site.
        zone: Code of a zone.
        booth: Code of a booth.
    """

    site: str
    zone: str | None = None
    booth: str | None = None


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """A policy.

    Attributes:
        policy_id: Its number.
        place: ``organisation``, ``site``, ``zone`` or ``booth``.
        code: Of the place.
        first: From which day; None for always before.
        beyond: Up to, not including, which day; None for ever.
        rules: What it says; the rest is as above it.
    """

    policy_id: int
    place: str
    code: str
    first: date | None
    beyond: date | None
    rules: dict[str, object]


def policies_of(conn: psycopg.Connection, site: str) -> list[PolicySaid]:
    """Every policy that matters at a site, from the organisation down."""
    return [PolicySaid(*row) for row in conn.execute(_QUERIES["of_site"], {"site": site})]


def policies_of_organisation(conn: psycopg.Connection, organisation: str) -> list[PolicySaid]:
    """What is said for the organisation as a whole, by day."""
    return [PolicySaid(*row) for row in conn.execute(_QUERIES["of_organisation"], {"organisation": organisation})]


def set_policy(conn: psycopg.Connection, scope: Scope, days: Days, rules: Mapping[str, object]) -> int:
    """Says something about a place for days from the first up to, not including, the second. Its number.

    Raises:
        BookingRefusedError: ``bad_rules`` with what is wrong; ``not_found``; ``policy_overlaps`` when something else
            is said for some of these days; ``bad_range``; ``rules_contradict`` when a booth's shortest booking would
            be longer than its longest on some day.
    """
    return _put(conn, "put", {"site": scope.site, "zone": scope.zone, "booth": scope.booth}, days, rules)


def set_organisation_policy(
    conn: psycopg.Connection, organisation: str, days: Days, rules: Mapping[str, object]
) -> int:
    """The same for every site of an organisation.

    Raises:
        BookingRefusedError: As ``set_policy``.
    """
    return _put(conn, "put_for_organisation", {"organisation": organisation}, days, rules)


def drop_policy(conn: psycopg.Connection, site: str, policy_id: int) -> dict[str, object]:
    """Takes back what was said at a site; what it was.

    Raises:
        BookingRefusedError: ``not_found``; so is what is said for the organisation. ``rules_contradict`` when what
            is left does.
    """
    return _drop(conn, "drop", {"site": site, "policy_id": policy_id})


def drop_organisation_policy(conn: psycopg.Connection, organisation: str, policy_id: int) -> dict[str, object]:
    """Takes back what was said for an organisation as a whole; what it was.

    Raises:
        BookingRefusedError: ``not_found``.
    """
    return _drop(conn, "drop_of_organisation", {"organisation": organisation, "policy_id": policy_id})


def _put(
    conn: psycopg.Connection, statement: str, place: dict[str, str | None], days: Days, rules: Mapping[str, object]
) -> int:
    _check(rules, days)
    fields = {**place, "first": days[0], "beyond": days[1], "rules": Jsonb(dict(rules))}
    try:
        with conn.transaction():
            row = conn.execute(_QUERIES[statement], fields).fetchone()
            if row is None:
                raise refuse("not_found", **place)
            _check_together(conn, place, Range(*days))
    except errors.ExclusionViolation:
        raise refuse("policy_overlaps") from None
    return row[0]


def _drop(conn: psycopg.Connection, statement: str, fields: dict[str, object]) -> dict[str, object]:
    with conn.transaction():
        row = conn.execute(_QUERIES[statement], fields).fetchone()
        if row is None:
            raise refuse("not_found", policy=fields["policy_id"])
        rules, days, zone, booth = row
        _check_together(conn, {**fields, "zone": zone, "booth": booth}, days)
    return rules


def _check_together(conn: psycopg.Connection, place: Mapping[str, object], days: Range[date]) -> None:
    """Refuses what no booking could satisfy at some booth of the place on some of these days."""
    everywhere = {"organisation": None, "site": None, "zone": None, "booth": None}
    standard = {"shortest_min": Rules().shortest_min, "longest_min": Rules().longest_min}
    row = conn.execute(_QUERIES["contradiction"], {**everywhere, **standard, **place, "days": days}).fetchone()
    if row is not None:
        booth, day, shortest_min, longest_min = row
        lengths = {"shortest_min": shortest_min, "longest_min": longest_min}
        raise refuse("rules_contradict", booth=booth, day=day and day.isoformat(), **lengths)


def _check(rules: Mapping[str, object], days: Days) -> None:
    unknown = sorted(set(rules) - set(Rules.__struct_fields__))
    if unknown:
        raise refuse("bad_rules", what=f"unknown: {', '.join(unknown)}")
    try:
        said = msgspec.convert(dict(rules), Rules)
    except msgspec.ValidationError as error:
        raise refuse("bad_rules", what=str(error)) from error
    if {"shortest_min", "longest_min"} <= set(rules) and said.shortest_min > said.longest_min:
        raise refuse("bad_rules", what=f"shortest_min {said.shortest_min} > longest_min {said.longest_min}")
    if days[0] is not None and days[1] is not None and days[1] <= days[0]:
        raise refuse("bad_range")
