"""Devices made known by label and learn button, on a real terminal, through the real radio and a real stick."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

CONTACT_CLOSED = bytes.fromhex("55 00 07 02 0A 0A 21 05 02 E9 5F 09 D7 01 29 CA")
CONTACT_LEARN = bytes.fromhex("55 00 09 02 0A 26 61 00 00 05 02 E9 5F 00 5B 01 29 CA")
CONTACT = "enocean-0502e95f"

SEAT = "54:48:E6:8F:80:A5"
KEY = "231d39c1d7cc1ab1aee224cd096db932"


def bthome(counter: int, objects: str) -> bytes:
    """A sealed BTHome frame of the seat."""
    count = counter.to_bytes(4, "little")
    nonce = bytes.fromhex(SEAT.replace(":", "") + "D2FC 41") + count
    body = AESCCM(bytes.fromhex(KEY), tag_length=4).encrypt(nonce, bytes.fromhex(objects), None)
    return b"\x41" + body[:-4] + count + body[-4:]


def test_a_learn_button_and_a_label_list_the_device_that_sends_data(terminal, edge_toml, stick, tmp_path: Path) -> None:
    listing = tmp_path / "devices.toml"
    table = f'[[driver]]\nkind = "enocean"\nname = "booths"\nport = "{stick.name}"\ndevices_file = "{listing}"\n'
    shown = terminal("commission", "--settings", edge_toml(table), "--record", tmp_path / "record.jsonl")
    shown.expect(f"Made, with nothing in it yet: {listing}")
    stick.wait_opened()
    shown.expect("Number: ")
    shown.type("4")
    shown.expect("Scan the label")
    stick.send(CONTACT_LEARN)
    shown.expect(f"This is {CONTACT}.")
    shown.expect("[D5-00-01] ")
    shown.type("D5-00-02")
    shown.expect("'D5-00-02' is none of them")
    shown.expect("[D5-00-01] ")
    shown.type("")
    shown.expect(f"{CONTACT} is listed as D5-00-01")
    shown.expect("Number: ")
    shown.type("4")
    shown.expect("Scan the label")
    shown.type("30S00000029219A+1P000B00000050")
    shown.expect("This is enocean-0029219a.")
    shown.type("a5-07-01")
    shown.expect("enocean-0029219a is listed as A5-07-01")
    shown.expect("Number: ")
    shown.type("1")
    shown.type("3f-s05")
    shown.expect("sit down at 3f-s05")
    stick.wait_opened()
    stick.send(CONTACT_CLOSED)
    shown.expect(f"{CONTACT} said contact=yes")
    assert listing.read_text() == '[devices]\n"0029219a" = "A5-07-01"\n"0502e95f" = "D5-00-01"\n'


def test_without_a_devices_file_the_line_to_write_is_shown(terminal, edge_toml, stick, tmp_path: Path) -> None:
    table = f'[[driver]]\nkind = "enocean"\nname = "booths"\nport = "{stick.name}"\n'
    shown = terminal("commission", "--settings", edge_toml(table), "--record", tmp_path / "record.jsonl")
    shown.expect("Number: ")
    shown.type("4")
    shown.expect("Scan the label")
    shown.type("no label")
    shown.expect("Not a label: ")
    shown.type("30S00000502E95F")
    shown.expect("Which profile")
    shown.type("D5-00-01")
    shown.expect('"0502e95f" = "D5-00-01"')
    shown.expect("Number: ")
    shown.type("4")
    shown.expect("Scan the label")
    shown.type(f"{SEAT} {KEY}")
    shown.expect("no driver has a `key_file`")
    assert KEY not in shown.shown


@pytest.fixture
def radio_settings(edge_toml, tmp_path: Path) -> Path:
    files = f'key_file = "{tmp_path}/keys.toml"\ncounter_file = "{tmp_path}/counters.sqlite"\n'
    return edge_toml(f'[[driver]]\nkind = "ble_bthome"\nname = "ble"\n{files}')


async def test_a_scanned_key_opens_the_sensor_at_once_and_is_never_shown(
    bluez, terminal, radio_settings, tmp_path: Path
) -> None:
    shown = terminal("commission", "--settings", radio_settings, "--record", tmp_path / "record.jsonl")

    async def dialogue(*steps: str) -> None:
        """Expect and type by turns; the radio goes on meanwhile."""
        for at, text in enumerate(steps):
            await asyncio.to_thread(shown.type if at % 2 else shown.expect, text)

    await bluez.scanned()
    await dialogue("Number: ", "4", "Scan the label", SEAT, f"{SEAT}. Now its key", KEY.upper())
    await dialogue("Sit down now and then choose 1.", "1", "Code of the place", "3f-s05", "sit down at 3f-s05")
    await bluez.scanned()
    await bluez.advertise(SEAT, bthome(70_000, "00 01 23 01"))
    await dialogue("ble-5448e68f80a5 said occupancy=yes", "y", "[60]", "", "Written down")
    # With a new battery it counts from the start: refused until somebody says that this is so.
    await dialogue("Number: ", "4", "Scan the label", f"{SEAT} {KEY}", "Does it count from the start again", "y")
    await dialogue("Sit down now", "1", "Code of the place", "3f-s06", "sit down at 3f-s06")
    await bluez.scanned()
    await bluez.advertise(SEAT, bthome(1, "00 02 23 00"))
    await bluez.advertise(SEAT, bthome(2, "00 03 23 01"))
    await dialogue("ble-5448e68f80a5 said occupancy=yes")
    assert KEY not in shown.shown.lower()
    keys = tmp_path / "keys.toml"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert keys.read_text() == f'[bindkeys]\n"{SEAT}" = "{KEY}"\n\n[restarts]\n"{SEAT}" = 1\n'
