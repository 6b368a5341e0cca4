"""Who is scanning, and with which filter.

Copies the discovery clients of BlueZ 5.87: one session per client, a filter that may be set before the session starts
and outlives it, and everything of a client gone when the client is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec
from dbus_fast import Variant

from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.bluez.errors import failed, in_progress, invalid_arguments

_SIGNATURES: Final = {
    "UUIDs": "as",
    "RSSI": "n",
    "Pathloss": "q",
    "Transport": "s",
    "DuplicateData": "b",
    "Discoverable": "b",
    "Pattern": "s",
    "AutoConnect": "b",
}
_Value = TypeVar("_Value")


class DiscoveryFilter(msgspec.Struct, frozen=True):
    """The argument of SetDiscoveryFilter, as far as an LE scan feels it.

    Attributes:
        uuids: Only devices that offer one of these; empty for all.
        rssi_dbm: Only devices at least this strong.
        pathloss_db: Only devices at most this far.
        duplicate_data: Signal data again although it has not changed.
        pattern: Only addresses or names that start so.
    """

    uuids: frozenset[str] = frozenset()
    rssi_dbm: int | None = None
    pathloss_db: int | None = None
    duplicate_data: bool = False
    pattern: str | None = None


class Sessions:
    """The discovery clients of one adapter, by unique bus name."""

    def __init__(self) -> None:
        self._filters: dict[str, DiscoveryFilter] = {}
        self._scanning: set[str] = set()

    @property
    def scanning(self) -> bool:
        """Whether anybody is."""
        return bool(self._scanning)

    @property
    def duplicate_data(self) -> bool:
        """Whether any scanning client wants data repeated; one is enough for all."""
        return any(wanted.duplicate_data for wanted in self._active())

    @property
    def proximity(self) -> bool:
        """Whether any scanning client filters by distance, which makes every change of RSSI worth a signal."""
        return any(wanted.rssi_dbm is not None or wanted.pathloss_db is not None for wanted in self._active())

    def set_filter(self, client: str, wanted: DiscoveryFilter | None) -> None:
        """Keep, replace or with None forget the filter of ``client``."""
        if wanted is None:
            self._filters.pop(client, None)
        else:
            self._filters[client] = wanted

    def start(self, client: str) -> None:
        """Open the session of ``client``.

        Raises:
            BluezError: It has one (InProgress).
        """
        if client in self._scanning:
            raise in_progress()
        self._scanning.add(client)

    def stop(self, client: str) -> None:
        """Close the session of ``client``; its filter stays.

        Raises:
            BluezError: It has none (Failed).
        """
        if client not in self._scanning:
            raise failed("No discovery started")
        self._scanning.remove(client)

    def leave(self, client: str) -> None:
        """Forget a client that has left the bus."""
        self._filters.pop(client, None)
        self._scanning.discard(client)

    def clear(self) -> None:
        """Forget everybody, as a powered-off adapter does."""
        self._filters.clear()
        self._scanning.clear()

    def admits(self, advert: Advert) -> bool:
        """Whether any scanning client's filter lets ``advert`` through; it is then seen by all of them."""
        return any(_admits(self._filters.get(client, DiscoveryFilter()), advert) for client in self._scanning)

    def _active(self) -> list[DiscoveryFilter]:
        return [self._filters[client] for client in self._scanning if client in self._filters]


def parse_filter(entries: Mapping[str, Variant]) -> DiscoveryFilter | None:
    """The filter in a SetDiscoveryFilter call; None for an empty one.

    Raises:
        BluezError: A key is unknown, a type is wrong, or RSSI and Pathloss come together (InvalidArguments).
    """
    for key, variant in entries.items():
        if _SIGNATURES.get(key) != variant.signature:
            raise invalid_arguments()
    if {"RSSI", "Pathloss"} <= entries.keys():
        raise invalid_arguments()
    if not entries:
        return None
    return DiscoveryFilter(
        uuids=frozenset(uuid.lower() for uuid in _value(entries, "UUIDs", list[str]())),
        rssi_dbm=_value(entries, "RSSI", None),
        pathloss_db=_value(entries, "Pathloss", None),
        duplicate_data=_value(entries, "DuplicateData", False),
        pattern=_value(entries, "Pattern", None),
    )


def _value(entries: Mapping[str, Variant], key: str, default: _Value) -> _Value:
    return entries[key].value if key in entries else default


def _admits(wanted: DiscoveryFilter, advert: Advert) -> bool:
    if wanted.uuids and wanted.uuids.isdisjoint(advert.service_data):
        return False
    # The kernel drops what is too weak before bluetoothd sees it; path loss needs a transmit power we do not send.
    if wanted.rssi_dbm is not None and advert.rssi_dbm < wanted.rssi_dbm:
        return False
    pattern = wanted.pattern
    return not pattern or advert.address.lower().startswith(pattern.lower()) or advert.name.startswith(pattern)
