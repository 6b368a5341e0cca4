"""What BlueZ says of an adapter and its devices, without a bus: sessions, filters, silence."""

from __future__ import annotations

import pytest
from dbus_fast import Variant

from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bluez.adapter import ADAPTER, DEVICE, TEMPORARY_TIMEOUT_S, Adapter, Added, Changed, Removed
from shigotoba_sim.faces.bluez.errors import BluezError
from shigotoba_sim.faces.bluez.sessions import DiscoveryFilter, parse_filter
from shigotoba_testing.adverts import HCI, SEAT, SEAT_PATH, advert


def scanning(wanted: DiscoveryFilter | None = None) -> Adapter:
    adapter = Adapter("hci0", HCI)
    adapter.set_filter(":1.1", wanted)
    adapter.start_discovery(":1.1")
    return adapter


def changed_names(events: list[object]) -> list[set[str]]:
    return [set(event.properties) for event in events if isinstance(event, Changed) and event.interface == DEVICE]


def test_nobody_scanning_means_nothing_is_heard() -> None:
    adapter = Adapter("hci0", HCI)
    assert adapter.hear(advert(), 0) == []
    assert list(adapter.objects()) == ["/org/bluez/hci0"]


def test_the_first_advertisement_makes_a_device_with_all_its_data() -> None:
    (added,) = scanning().hear(advert(7), 0)
    assert isinstance(added, Added)
    assert (added.path, added.interface) == (SEAT_PATH, DEVICE)
    said = {name: variant.value for name, variant in added.properties.items()}
    assert said["ServiceData"] == {BTHOME_UUID: Variant("ay", bytes.fromhex("40 00 07 23 01"))}
    assert (said["RSSI"], said["UUIDs"], said["AdvertisingFlags"]) == (-60, [BTHOME_UUID], b"\x06")
    assert (said["Address"], said["Alias"], said["Adapter"]) == (SEAT, SEAT.replace(":", "-"), "/org/bluez/hci0")


def test_unchanged_data_is_silent_unless_duplicates_are_wanted() -> None:
    adapter = scanning()
    adapter.hear(advert(1), 0)
    assert adapter.hear(advert(1), 1) == []
    assert changed_names(adapter.hear(advert(2), 2)) == [{"ServiceData"}]
    adapter = scanning(DiscoveryFilter(duplicate_data=True))
    adapter.hear(advert(1), 0)
    assert changed_names(adapter.hear(advert(1), 1)) == [{"ServiceData"}]


def test_one_client_that_wants_duplicates_is_enough_for_all() -> None:
    adapter = scanning()
    adapter.set_filter(":1.2", DiscoveryFilter(duplicate_data=True))
    adapter.start_discovery(":1.2")
    adapter.hear(advert(1), 0)
    assert changed_names(adapter.hear(advert(1), 1)) == [{"ServiceData"}]
    adapter.client_left(":1.2")
    assert adapter.hear(advert(1), 2) == []


def test_strength_is_news_from_eight_decibels_on_or_always_for_who_filters_by_distance() -> None:
    adapter = scanning()
    adapter.hear(advert(1, -60), 0)
    assert adapter.hear(advert(1, -67), 1) == []
    assert changed_names(adapter.hear(advert(1, -68), 2)) == [{"RSSI"}]
    adapter = scanning(DiscoveryFilter(rssi_dbm=-90))
    adapter.hear(advert(1, -60), 0)
    assert changed_names(adapter.hear(advert(1, -61), 1)) == [{"RSSI"}]
    assert adapter.hear(advert(1, -61), 2) == []


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        (DiscoveryFilter(uuids=frozenset({BTHOME_UUID})), True),
        (DiscoveryFilter(uuids=frozenset({"0000fe95-0000-1000-8000-00805f9b34fb"})), False),
        (DiscoveryFilter(rssi_dbm=-60), True),
        (DiscoveryFilter(rssi_dbm=-59), False),
        (DiscoveryFilter(pattern="54:48:e6"), True),
        (DiscoveryFilter(pattern="AA"), False),
    ],
)
def test_a_filter_keeps_devices_out(wanted: DiscoveryFilter, heard: bool) -> None:
    assert bool(scanning(wanted).hear(advert(), 0)) is heard


def test_a_stranger_silent_for_half_a_minute_is_forgotten_and_comes_back_as_new() -> None:
    adapter = scanning()
    adapter.hear(advert(1), 0)
    adapter.hear(advert(1), 10)
    assert adapter.expire(TEMPORARY_TIMEOUT_S) == []
    assert adapter.expire(10 + TEMPORARY_TIMEOUT_S) == [Removed(SEAT_PATH, DEVICE)]
    assert isinstance(adapter.hear(advert(1), 41)[0], Added)


def test_the_end_of_the_last_session_forgets_strength_and_devices() -> None:
    adapter = scanning()
    adapter.hear(advert(), 0)
    assert adapter.stop_discovery(":1.1") == [
        Changed(SEAT_PATH, DEVICE, {}, ["RSSI"]),
        Removed(SEAT_PATH, DEVICE),
        Changed("/org/bluez/hci0", ADAPTER, {"Discovering": Variant("b", False)}, []),
    ]


def test_sessions_belong_to_clients_and_a_second_start_is_in_progress() -> None:
    adapter = scanning()
    with pytest.raises(BluezError, match="already in progress") as refused:
        adapter.start_discovery(":1.1")
    assert refused.value.name == "org.bluez.Error.InProgress"
    with pytest.raises(BluezError, match="No discovery started"):
        adapter.stop_discovery(":1.2")
    adapter.start_discovery(":1.2")
    adapter.client_left(":1.1")
    assert adapter.hear(advert(), 0) != []


def test_switching_off_ends_sessions_for_good_and_refuses_everything() -> None:
    adapter = scanning()
    names = [set(event.properties) for event in adapter.set_powered(False) if isinstance(event, Changed)]
    assert names == [{"Discovering"}, {"Powered"}]
    for refused in (adapter.start_discovery, adapter.stop_discovery, lambda client: adapter.set_filter(client, None)):
        with pytest.raises(BluezError, match="Resource Not Ready"):
            refused(":1.1")
    adapter.set_powered(True)
    assert adapter.hear(advert(), 0) == []


@pytest.mark.parametrize(
    "entries",
    [
        {"Colour": Variant("s", "red")},
        {"RSSI": Variant("s", "-60")},
        {"RSSI": Variant("n", -60), "Pathloss": Variant("q", 3)},
    ],
)
def test_a_filter_that_is_none_is_refused(entries: dict[str, Variant]) -> None:
    with pytest.raises(BluezError, match="Invalid arguments"):
        parse_filter(entries)
