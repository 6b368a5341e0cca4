"""A remote device as bluetoothd remembers it: properties merged from all it has sent.

Copies ``device_set_rssi_with_delta``, ``device_set_service_data`` and their kin of BlueZ 5.87. Responsible for what
changes; whether anybody is listening is the adapter's concern.
"""

from __future__ import annotations

from typing import Final

from dbus_fast import Variant

from shigotoba_sim.faces.advert import Advert

RSSI_THRESHOLD_DB: Final = 8
"""Smaller movements are not worth a signal."""

Properties = dict[str, Variant]


class Device:
    """One entry of the adapter's list of devices.

    Attributes:
        path: Object path, ``/org/bluez/hci0/dev_54_48_E6_8F_80_A5``.
        heard_s: When it was last heard, by the adapter's clock.
        properties: org.bluez.Device1 as it stands.
    """

    def __init__(self, adapter_path: str, address: str, heard_s: float) -> None:
        self.path = f"{adapter_path}/dev_{address.replace(':', '_')}"
        self.heard_s = heard_s
        self._service_data: dict[str, bytes] = {}
        self._manufacturer_data: dict[int, bytes] = {}
        self._rssi_dbm: int | None = None
        self.properties: Properties = {
            "Address": Variant("s", address),
            "AddressType": Variant("s", "public"),
            "Alias": Variant("s", address.replace(":", "-")),
            "Paired": Variant("b", False),
            "Bonded": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "LegacyPairing": Variant("b", False),
            "Connected": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Adapter": Variant("o", adapter_path),
            "ServicesResolved": Variant("b", False),
        }

    def hear(self, advert: Advert, duplicate_data: bool, rssi_threshold_db: int) -> Properties:
        """Merge an advertisement; the properties that it changed, or that are to be signalled all the same."""
        changed: Properties = {}
        if self._rssi_moved(advert.rssi_dbm, rssi_threshold_db):
            self._rssi_dbm = advert.rssi_dbm
            changed["RSSI"] = Variant("n", advert.rssi_dbm)
        if advert.name:
            changed |= self._if_new({"Name": Variant("s", advert.name), "Alias": Variant("s", advert.name)})
        changed |= self._if_new({"UUIDs": self._uuids(advert)})
        changed |= self._data(advert, duplicate_data)
        changed |= self._if_new({"AdvertisingFlags": Variant("ay", bytes((advert.flags,)))})
        self.properties |= changed
        return changed

    def lose_signal(self) -> list[str]:
        """Forget how strong it was, as the end of a discovery does; the properties that are no longer valid."""
        self._rssi_dbm = None
        return ["RSSI"] if self.properties.pop("RSSI", None) else []

    def _rssi_moved(self, rssi_dbm: int, threshold_db: int) -> bool:
        return self._rssi_dbm is None or abs(self._rssi_dbm - rssi_dbm) >= max(threshold_db, 1)

    def _uuids(self, advert: Advert) -> Variant:
        known: list[str] = self.properties["UUIDs"].value
        return Variant("as", known + [uuid for uuid in advert.service_data if uuid not in known])

    def _data(self, advert: Advert, duplicate_data: bool) -> Properties:
        if duplicate_data:
            self._service_data = self._service_data if not advert.service_data else {}
            self._manufacturer_data = self._manufacturer_data if not advert.manufacturer_data else {}
        changed: Properties = {}
        if not advert.service_data.items() <= self._service_data.items():
            self._service_data = self._service_data | advert.service_data
            changed["ServiceData"] = Variant(
                "a{sv}", {uuid: Variant("ay", data) for uuid, data in self._service_data.items()}
            )
        if not advert.manufacturer_data.items() <= self._manufacturer_data.items():
            self._manufacturer_data = self._manufacturer_data | advert.manufacturer_data
            changed["ManufacturerData"] = Variant(
                "a{qv}", {company: Variant("ay", data) for company, data in self._manufacturer_data.items()}
            )
        return changed

    def _if_new(self, values: Properties) -> Properties:
        return {name: value for name, value in values.items() if self.properties.get(name) != value}
