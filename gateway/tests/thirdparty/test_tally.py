"""Who is taken in under which name, and what the health says of those that fall silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from shigotoba_gateway.thirdparty.mapping import Mapping, read_mappings
from shigotoba_gateway.thirdparty.tally import MOST_DEVICES, Tally
from shigotoba_gateway.thirdparty.transform import UnfitError
from shigotoba_gateway.thirdparty.understanding import Message, Understood, understand

MAPPING = """
name = "rooms"
[[mapping]]
topic = "zigbee2mqtt/{device}"
device = "z2m-{device}"
{more}
[[mapping.point]]
point = "occupancy"
path = "presence"
"""


def mapping(folder: Path, more: str) -> Mapping:
    path = folder / "rooms.toml"
    path.write_text(MAPPING.replace("{more}", more))
    return read_mappings(path)[0]


def said_of(one: Mapping, name: str) -> Understood | None:
    return understand(one, {"device": name}, Message("t", b'{"presence": true}', 7))


def test_a_name_that_cannot_be_an_identity_may_be_given_one(tmp_path: Path) -> None:
    named = mapping(tmp_path, 'devices = { "z2m-会議室" = "z2m-3f-room1" }')
    room, desk = said_of(named, "会議室"), said_of(named, "desk")
    assert room is not None
    assert desk is not None
    assert (room.device, desk.device) == ("z2m-3f-room1", "z2m-desk")
    with pytest.raises(UnfitError, match="give it another one in `devices`"):
        said_of(named, "応接室")


def test_only_listed_devices_are_taken_where_that_is_said(tmp_path: Path) -> None:
    listed = mapping(tmp_path, 'devices = { "z2m-desk" = "3f-s05" }\nonly_listed = true')
    desk = said_of(listed, "desk")
    assert desk is not None
    assert desk.device == "3f-s05"
    assert said_of(listed, "lamp") is None


def test_a_device_that_falls_silent_gets_a_note_and_loses_it_when_it_speaks() -> None:
    tally = Tally(["rooms"], 0)
    for at_ms, asked_ms, note in ((0, 149_000, ""), (0, 151_000, "silent for 151 s"), (151_000, 152_000, "")):
        if at_ms or asked_ms == 149_000:
            tally.understood("rooms", Understood("z2m-desk", ()), at_ms, keep_alive_s=60)
        (device,) = tally.health(asked_ms, connected=True).devices
        assert device.note.startswith(note)
        assert bool(device.note) == bool(note)


def test_invented_devices_do_not_fill_the_memory() -> None:
    tally = Tally(["rooms"], 0)
    for number in range(MOST_DEVICES + 10):
        tally.understood("rooms", Understood(f"z2m-{number}", ()), number, keep_alive_s=60)
    devices = tally.health(0, connected=True).devices
    assert len(devices) == MOST_DEVICES
    assert devices[-1].device == f"z2m-{MOST_DEVICES + 9}"
