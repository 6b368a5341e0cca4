"""Figures that somebody has brought and not yet kept, so that they can be looked at first.

They lie in this process's memory for half an hour, each for the person who brought them; after a restart a file is
brought again. Responsible for the shelf's limits. Refuses to keep anything in the database.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shigotoba_backend.imports.columns import Meaning
from shigotoba_backend.imports.desk import Brought

_MOST: Final = 32
_LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Parcel:
    """What lies on the shelf.

    Attributes:
        brought: What the figures are about.
        person_id: Who brought them.
        site: Code of the site whose rights were asked.
        data: The file; None for a figure that was typed.
        rows: The typed figure.
        file_name: What the file was called.
        at: When.
    """

    brought: Brought
    person_id: int | None
    site: str
    data: bytes | None
    rows: tuple[Mapping[Meaning, str], ...]
    file_name: str
    at: datetime


class Shelf:
    """Parcels by a name that cannot be guessed."""

    def __init__(self) -> None:
        self._parcels: OrderedDict[str, Parcel] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, parcel: Parcel) -> str:
        """The parcel's name; the oldest ones make room."""
        name = secrets.token_hex(8)
        with self._lock:
            self._parcels[name] = parcel
            while len(self._parcels) > _MOST:
                self._parcels.popitem(last=False)
        return name

    def get(self, name: str, person_id: int | None, site: str, now: datetime) -> Parcel | None:
        """The parcel, for whoever brought it; None for anybody else, elsewhere, and when it lay too long."""
        parcel = self._parcels.get(name)
        if parcel is None or (parcel.person_id, parcel.site) != (person_id, site):
            return None
        return parcel if now - parcel.at < _LASTS else None

    def drop(self, name: str) -> None:
        """Takes a parcel away."""
        with self._lock:
            self._parcels.pop(name, None)


SHELF: Final = Shelf()
"""The process's shelf."""
