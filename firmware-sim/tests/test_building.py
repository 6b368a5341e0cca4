from __future__ import annotations

from datetime import date
from itertools import product
from typing import get_args

from shigotoba_sim.building import CONTACT_KEEP_ALIVE_S, Building, building, site_file
from shigotoba_sim.devices import ButtonKind, Make, SensorKind
from shigotoba_wire.readings import is_name


def devices(place: Building) -> list[str]:
    sensors = [sensor.device for sensor in place.sensors]
    return sensors + [booth.button_device for booth in place.booths] + [mfp.device for mfp in place.mfps]


def test_the_same_seed_gives_the_same_building() -> None:
    assert building(7, "honcho", "gw-1") == building(7, "honcho", "gw-1")
    assert devices(building(7, "honcho", "gw-1")) != devices(building(8, "honcho", "gw-1"))


def test_two_floors_have_forty_seats_eight_booths_and_three_printers() -> None:
    place = building(7, "honcho", "gw-1")
    assert [floor.name for floor in place.floors] == ["3階", "4階"]
    assert (len(place.seats), len(place.booths), len(place.mfps)) == (40, 8, 3)
    assert [mfp.place for mfp in place.mfps] == ["3f-p1", "3f-p2", "4f-p1"]
    assert [mfp.vendor for mfp in place.mfps].count("ricoh") == 2


def test_every_device_has_an_identity_of_its_own_that_the_wire_accepts() -> None:
    for seed, (kinds, number) in product(range(20), (("spine", 59), ("all", 65))):
        identities = devices(building(seed, "honcho", "gw-1", kinds))
        assert len(set(identities)) == number
        assert all(is_name(identity) for identity in identities)


def test_a_building_with_every_kind_has_the_same_seats_at_the_same_places_and_every_kind() -> None:
    spine, every = building(7, "honcho", "gw-1"), building(7, "honcho", "gw-1", "all")
    assert [space for space in every.spaces if space.kind != "equipment"] == [
        space for space in spine.spaces if space.kind != "equipment"
    ]
    assert every.mfps[: len(spine.mfps)] == spine.mfps
    assert {sensor.kind for sensor in every.sensors} == set(get_args(SensorKind))
    assert {booth.button for booth in every.booths} == set(get_args(ButtonKind))
    assert {mfp.vendor for mfp in every.mfps} == set(get_args(Make))
    unchanged = {sensor.space: sensor for sensor in spine.sensors}
    assert all(unchanged[sensor.space] == sensor for sensor in every.sensors if sensor.kind == "bthome")


def test_wired_booths_have_three_inputs_each_and_doors_are_devices_of_their_own() -> None:
    every = building(7, "honcho", "gw-1", "all")
    wired = [(booth.presence.device, booth.button_device) for booth in every.booths if booth.button == "wired"]
    assert wired == [("wired-1-0", "wired-1-1"), ("wired-1-3", "wired-1-4")]
    described = site_file(every, date(2026, 10, 21))["devices"]
    doors = [booth.door_device for booth in every.booths if booth.door]
    assert [device["code"] for device in described if device["keep_alive_s"] == CONTACT_KEEP_ALIVE_S] == doors
    assert len(doors) == 2


def test_seats_stand_apart_and_in_zones_of_one_type() -> None:
    place = building(7, "honcho", "gw-1", "all")
    assert {space.seat_type for space in place.of_kind("seat")} == {"window", "big_table", "family_booth", "focus"}
    for one in place.spaces:
        for other in place.spaces:
            apart = abs(one.x_m - other.x_m) + abs(one.y_m - other.y_m)
            assert one is other or one.floor != other.floor or apart >= 1.0, (one.code, other.code)


def test_the_site_file_places_every_device_in_a_space_that_it_names() -> None:
    described = site_file(building(7, "honcho", "gw-1"), date(2026, 10, 21))
    codes = {space["code"] for space in described["spaces"]}
    assert described["site"]["name"] == "本庁舎"
    assert described["assigned_from"] == "2026-10-21T00:00:00+09:00"
    assert all(device["space"] in codes for device in described["devices"])
    assert {space["name"] for space in described["spaces"]} >= {"3-01", "3階ブース1", "4階複合機1"}
