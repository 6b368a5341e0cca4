"""Vendors' counter tables as data: one TOML file per vendor in ``profiles/``.

Row numbers differ between models of one vendor, so a profile never names rows: it names the type codes or labels that
the table itself carries (research/edge.md section 5.3).

Responsible for reading the files and for matching rows. Refuses to ask a device (see ``session``).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid

Key = int | str
"""A row's type code, or its label without case and outer blanks."""


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rows make up one point.

    Attributes:
        first_of: Keys of which the first that the device has is the value.
        sum_of: Keys whose values add up; those that the device does not have count as absent, not as zero.
    """

    first_of: tuple[Key, ...] = ()
    sum_of: tuple[Key, ...] = ()

    def keys(self, offered: Mapping[Key, Oid]) -> list[Key]:
        """The keys to read and add up, of those the device offers."""
        if self.first_of:
            return [key for key in self.first_of if key in offered][:1]
        return [key for key in self.sum_of if key in offered]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One vendor's counter table.

    Attributes:
        vendor: For people.
        enterprise: Private enterprise number at the start of the device's sysObjectID.
        keys: Column of the type codes or labels.
        values: Column of the counters; a row has the same index in both.
        points: What to read, by point.
    """

    vendor: str
    enterprise: int
    keys: str
    values: str
    points: dict[str, Counter]


@functools.cache
def profiles() -> dict[int, Profile]:
    """All profiles by enterprise number."""
    folder = files(__package__ or "").joinpath("profiles")
    found = [
        msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Profile)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {profile.enterprise: profile for profile in found}


def plan(profile: Profile, key_rows: Mapping[Oid, Value]) -> dict[str, tuple[Oid, ...]]:
    """Which objects to read for each point, from a walk of the profile's key column."""
    keys_column, values_column = oid(profile.keys), oid(profile.values)
    offered: dict[Key, Oid] = {}
    for row, value in key_rows.items():
        key = key_of(value)
        if key is not None:
            offered.setdefault(key, values_column + row[len(keys_column) :])
    chosen = {point: counter.keys(offered) for point, counter in profile.points.items()}
    return {point: tuple(offered[key] for key in keys) for point, keys in chosen.items() if keys}


def key_of(value: Value) -> Key | None:
    """A row's key as profiles write it: a number, or a label in lower case without outer blanks."""
    if isinstance(value, int):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip("\0 ").casefold()
    return None
