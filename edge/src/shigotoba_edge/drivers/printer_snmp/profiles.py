"""Vendors' counter tables as data: one TOML file per vendor in ``profiles/``.

Row numbers differ between models of one vendor, so a profile never names rows. It names what the table itself carries:
labels or type codes in a column (``labelled``), function and colour codes that are the index (``coded``), or keys of
records in an octet string (``records``); see research/edge.md section 5.3.

Responsible for reading the files and for matching. Refuses to ask a device (see ``acquaintance``).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid
from shigotoba_edge.drivers.printer_snmp.sources import Source, Sources, records

Key = int | str
"""A type code or record key; or a label without case and outer blanks, or an index such as ``2.1.5.1.2``."""

Counters = dict[str, Sources]
"""For each point the sources whose values add up to it."""


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes up one point.

    Attributes:
        first_of: Keys of which the first that the device has is the value.
        sum_of: Keys whose values add up; those that the device does not have count as absent, not as zero.
    """

    first_of: tuple[Key, ...] = ()
    sum_of: tuple[Key, ...] = ()

    def keys(self, offered: Mapping[Key, Source]) -> list[Key]:
        """The keys to read and add up, of those the device offers."""
        if self.first_of:
            return [key for key in self.first_of if key in offered][:1]
        return [key for key in self.sum_of if key in offered]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """Counters of one table.

    Attributes:
        points: What to read, by point.
    """

    points: dict[str, Counter]

    def keys(self) -> list[Key]:
        """Every key that is named, each once."""
        counters = self.points.values()
        return list(dict.fromkeys(key for counter in counters for key in counter.first_of + counter.sum_of))

    def counters(self, offered: Mapping[Key, Source]) -> Counters:
        """What to read for each point, of what the device offers."""
        chosen = {point: counter.keys(offered) for point, counter in self.points.items()}
        return {point: tuple(offered[key] for key in keys) for point, keys in chosen.items() if keys}


class Labelled(Table, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="labelled"):
    """A table that carries a label or type code in each row.

    Attributes:
        labels: Column of the labels or type codes.
        values: Column of the counters; a row has the same index in both.
    """

    labels: str
    values: str

    def plan(self, labels: Mapping[Oid, Value]) -> Counters:
        """What to read, from a walk of the label column."""
        depth, values = len(oid(self.labels)), oid(self.values)
        offered: dict[Key, Source] = {}
        for row, value in labels.items():
            key = key_of(value)
            if key is not None:
                offered.setdefault(key, Source(values + row[depth:]))
        return self.counters(offered)


class Coded(Table, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="coded"):
    """A table whose index is the code of function and colour.

    Attributes:
        base: What stands before the index.
    """

    base: str

    def objects(self) -> list[Oid]:
        """All objects that may be there."""
        return [self._object(key) for key in self.keys()]

    def plan(self, values: Mapping[Oid, Value]) -> Counters:
        """What to read, from the values of those objects that are there."""
        sources = {key: Source(self._object(key)) for key in self.keys()}
        return self.counters({key: source for key, source in sources.items() if source.number(values) is not None})

    def _object(self, key: Key) -> Oid:
        return oid(self.base) + oid(str(key))


class Records(Table, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="records"):
    """An octet string of records.

    Attributes:
        object: Where it stands.
    """

    object: str

    def plan(self, value: Value | None) -> Counters:
        """What to read, from the octet string."""
        at = oid(self.object)
        return self.counters({key: Source(at, key) for key in records(value)})


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One vendor's counters.

    Attributes:
        vendor: For people.
        enterprises: Private enterprise numbers that its devices' sysObjectID may begin with.
        table: Its tables; a point is read from the first that offers it.
        serial: Where the serial number stands on devices that do not give it in the Printer-MIB; empty if unknown.
    """

    vendor: str
    enterprises: tuple[int, ...]
    table: tuple[Labelled | Coded | Records, ...]
    serial: str = ""


@functools.cache
def profiles() -> dict[int, Profile]:
    """All profiles by enterprise number."""
    folder = files(__package__ or "").joinpath("profiles")
    found = [
        msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Profile)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {enterprise: profile for profile in found for enterprise in profile.enterprises}


def key_of(value: Value) -> Key | None:
    """A row's key as profiles write it: a number, or a label in lower case without outer blanks."""
    if isinstance(value, int):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip("\0 ").casefold()
    return None
