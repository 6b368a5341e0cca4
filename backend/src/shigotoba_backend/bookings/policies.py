"""What an office says about its booths: for the organisation, a site, a zone or a booth, for some days.

Responsible for keeping what was said, checked. Refuses to put rules of different places together (see ``rules``).
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

from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.rules import Rules
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("policies.sql", package="shigotoba_backend.bookings")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is for. The organisation of the site where neither zone nor booth nor ``whole_site`` is said.

    Attributes:
        site: Code of the site.
        whole_site: For the site.
        zone: Code of a zone.
        booth: Code of a booth.
    """

    site: str
    whole_site: bool = True
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


def set_policy(
    conn: psycopg.Connection, scope: Scope, days: tuple[date | None, date | None], rules: Mapping[str, object]
) -> int:
    """Says something about a place for days from the first up to, not including, the second. Its number.

    Raises:
        BookingRefusedError: ``bad_rules`` with what is wrong; ``not_found``; ``policy_overlaps`` when something else
            is said for some of these days; ``bad_range``.
    """
    unknown = sorted(set(rules) - set(Rules.__struct_fields__))
    if unknown:
        raise refuse("bad_rules", what=f"unknown: {', '.join(unknown)}")
    try:
        msgspec.convert(dict(rules), Rules)
    except msgspec.ValidationError as error:
        raise refuse("bad_rules", what=str(error)) from error
    if days[0] is not None and days[1] is not None and days[1] <= days[0]:
        raise refuse("bad_range")
    fields = {
        "site": scope.site, "zone": scope.zone, "booth": scope.booth, "whole_site": scope.whole_site,
        "first": days[0], "beyond": days[1], "rules": Jsonb(dict(rules)),
    }  # fmt: skip
    try:
        with conn.transaction():
            row = conn.execute(_QUERIES["put"], fields).fetchone()
    except errors.ExclusionViolation:
        raise refuse("policy_overlaps") from None
    if row is None:
        raise refuse("not_found", site=scope.site, zone=scope.zone, booth=scope.booth)
    return row[0]


def drop_policy(conn: psycopg.Connection, site: str, policy_id: int) -> dict[str, object]:
    """Takes back what was said at a site; what it was.

    Raises:
        BookingRefusedError: ``not_found``; the organisation's own is changed by replacing it.
    """
    row = conn.execute(_QUERIES["drop"], {"site": site, "policy_id": policy_id}).fetchone()
    if row is None:
        raise refuse("not_found", policy=policy_id)
    return row[0]
