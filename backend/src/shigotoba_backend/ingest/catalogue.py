"""What exists already: sites, points of known devices, months of the readings table.

Looked up, and where allowed made, before the batch's own transaction and each in one of its own: all of it is
idempotent and harmless if the batch then fails, and what is remembered is certain to be there.

Responsible for the look-ups of one connection; thrown away with it. Refuses to make sites or devices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from shigotoba_backend.ingest.judge import TYPES, PointNames, Points
from shigotoba_backend.store.sql import load
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.senml import parted

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

_DAY_MS: Final = 24 * 3600 * 1000


class Catalogue:
    """A dictionary of what has been seen to exist; only asks the database for what it has not seen."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self._conn = conn
        self._sites: dict[str, int] = {}
        self._known: defaultdict[int, set[str]] = defaultdict(set)
        self._points: defaultdict[tuple[int, type], dict[str, int]] = defaultdict(dict)
        self._days: set[int] = set()

    def sites(self, codes: Iterable[str]) -> Mapping[str, int]:
        """Site ids by code, at least of those ``codes`` that exist."""
        missing = set(codes) - self._sites.keys()
        if missing:
            self._sites.update(self._conn.execute(_QUERIES["sites"], {"codes": list(missing)}).fetchall())
        return self._sites

    def points(self, named: Iterable[PointNames]) -> Points:
        """Point ids, at least of those names whose device exists; a point of the vocabulary is made if need be."""
        asked = {(site_id, name) for site_id, names in named for name in self._not_known(site_id, names)}
        missing = [key for key in asked if parted(key[1])[1] in VOCABULARY]
        if missing:
            self._learn_points(missing)
        return self._points

    def ensure_months(self, ats_ms: NDArray[np.int64]) -> None:
        """Makes the partitions for readings at these instants, UTC milliseconds."""
        missing = set(np.unique(ats_ms // _DAY_MS).tolist()) - self._days
        if missing:
            self._conn.execute(_QUERIES["ensure_months"], {"ats_ms": [day * _DAY_MS for day in missing]})
            self._days |= missing

    def _not_known(self, site_id: int, names: Sequence[str]) -> Iterable[str]:
        known = self._known[site_id]
        return () if known.issuperset(names) else set(names) - known

    def _learn_points(self, keys: list[tuple[int, str]]) -> None:
        parts = [parted(name) for _, name in keys]
        columns = {
            "site_ids": [site_id for site_id, _ in keys],
            "devices": [device for device, _ in parts],
            "names": [point for _, point in parts],
        }
        self._conn.execute(_QUERIES["make_points"], columns)
        for site_id, device, point, point_id in self._conn.execute(_QUERIES["points"], columns):
            name = f"{device}/{point}"
            self._known[site_id].add(name)
            for taken in TYPES[VOCABULARY[point].kind]:
                self._points[site_id, taken][name] = point_id
