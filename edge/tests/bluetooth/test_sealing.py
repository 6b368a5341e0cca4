"""Sealed sensors: keys from a file, each frame once, also across a restart, and nothing plain from a keyed sensor."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.confirming import Confirming
from shigotoba_edge.bluetooth.counters import CounterFile, Reached
from shigotoba_edge.bluetooth.keys import read_keys
from shigotoba_edge.bluetooth.sealed import Keyring, Sealed, key_mark
from shigotoba_edge.driver import DriverError
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_wire.errors import SettingsError

SEAT = "54:48:E6:8F:80:A5"
KEY_TEXT = "231d39c1d7cc1ab1aee224cd096db932"
KEY = bytes.fromhex(KEY_TEXT)


def bthome(counter: int, objects: str, key: bytes = KEY) -> bytes:
    """A sealed BTHome frame of the seat."""
    count = counter.to_bytes(4, "little")
    nonce = bytes.fromhex(SEAT.replace(":", "") + "D2FC 41") + count
    body = AESCCM(key, tag_length=4).encrypt(nonce, bytes.fromhex(objects), None)
    return b"\x41" + body[:-4] + count + body[-4:]


OCCUPIED_1 = bthome(1, "00 01 01 64 23 01")
VACANT_2 = bthome(2, "00 02 01 64 23 00")
OCCUPIED_3 = bthome(3, "00 03 01 64 23 01")


@pytest.fixture
def files(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Writes a key file and names it and the counter file."""

    def write(key: str = KEY_TEXT) -> dict[str, str]:
        key_file = tmp_path / "keys.toml"
        key_file.write_text(f'[bindkeys]\n"{SEAT}" = "{key}"\n')
        key_file.chmod(0o600)
        return {"key_file": str(key_file), "counter_file": str(tmp_path / "counters.sqlite")}

    return write


async def test_a_frame_is_taken_once_also_after_a_restart(bluez, listening, files) -> None:
    watched = listening(kind="ble_bthome", **files())
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, OCCUPIED_1)
        await bluez.change_rssi(SEAT, -80)
        await bluez.advertise(SEAT, VACANT_2)
        await watched.until(lambda: len(watched.sightings) == 2)
        await bluez.advertise(SEAT, OCCUPIED_1)
        await watched.until(lambda: watched.dropped == {"replayed": 1})
    assert watched.values("occupancy") == [True, False]
    again = listening(kind="ble_bthome", **files())
    async with again.running():
        await again.ready()
        await bluez.advertise(SEAT, OCCUPIED_1)
        await bluez.advertise(SEAT, VACANT_2)
        await bluez.advertise(SEAT, OCCUPIED_3)
        await again.until(lambda: bool(again.sightings))
    assert again.values("occupancy") == [True]
    assert again.dropped == {"replayed": 2}


async def test_plain_and_foreign_frames_of_a_keyed_sensor_are_refused_and_counted(bluez, listening, files) -> None:
    watched = listening(kind="ble_bthome", **files())
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, bytes.fromhex("40 00 07 23 01"))
        await bluez.advertise(SEAT, bthome(2**32 - 1, "23 01", key=bytes(16)))
        await bluez.advertise("54:48:E6:8F:80:A6", bytes.fromhex("40 00 07 23 00"))
        await bluez.advertise(SEAT, OCCUPIED_1)
        await watched.until(lambda: len(watched.sightings) == 2)
    assert [(seen.device, seen.readings[-1].value) for seen in watched.sightings] == [
        ("ble-5448e68f80a6", False),
        ("ble-5448e68f80a5", True),
    ]
    assert watched.dropped == {"plaintext_though_keyed": 1, "wrong_key": 1}


async def test_a_burst_of_sealed_frames_with_one_packet_id_is_one_message(bluez, listening, files) -> None:
    watched = listening(kind="ble_bthome", **files())
    async with watched.running():
        await watched.ready()
        for counter in range(5):
            await bluez.advertise(SEAT, bthome(counter, "00 01 23 01"))
        await watched.until(lambda: len(watched.sightings) == 5)
    assert watched.values("occupancy") == [True]


async def test_a_sensor_with_a_new_key_may_count_from_the_start(bluez, listening, files) -> None:
    watched = listening(kind="ble_bthome", **files())
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, OCCUPIED_3)
        await watched.until(lambda: bool(watched.sightings))
    again = listening(kind="ble_bthome", **files("00" * 16))
    async with again.running():
        await again.ready()
        await bluez.advertise(SEAT, bthome(1, "00 01 23 00", key=bytes(16)))
        await again.until(lambda: bool(again.sightings))
    assert again.values("occupancy") == [False]


async def test_a_reported_frame_is_on_disk_when_the_logbook_hears_of_it(tmp_path: Path) -> None:
    file = CounterFile(tmp_path / "counters.sqlite")
    keyring = Keyring({"seat": KEY})
    seen: list[int] = []

    def look(_: object) -> None:
        with sqlite3.connect(tmp_path / "counters.sqlite") as other:
            seen.append(other.execute("SELECT reached FROM counter").fetchone()[0])
        other.close()

    confirming = Confirming(keyring, file, Logbook("tested", look))
    async with confirming.running():
        for counter in (1, 2):
            sealed = sealed_frame(counter)
            assert keyring.open("seat", sealed) == b"x"
            confirming.sighted(sighting_of("seat", 0))
    file.close()
    assert seen == [2, 2]


async def test_a_disk_that_refuses_costs_no_reading_and_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = CounterFile(tmp_path / "counters.sqlite")
    file.close()
    keyring = Keyring({"seat": KEY})
    seen: list[object] = []
    confirming = Confirming(keyring, file, Logbook("tested", seen.append))
    async with confirming.running():
        keyring.open("seat", sealed_frame(1))
        confirming.sighted(sighting_of("seat", 0))
    assert len(seen) == 1
    assert caplog.text.count("counters could not be written") == 1
    assert keyring.take_unsaved() == {"seat": Reached(key_mark(KEY), 1)}


def test_an_older_write_that_comes_late_takes_nothing_back(tmp_path: Path) -> None:
    file = CounterFile(tmp_path / "counters.sqlite")
    for counter in (7, 3):
        file.write({"seat": Reached("a", counter)})
    file.write({"pad": Reached("a", 7)})
    file.write({"pad": Reached("b", 3)})
    file.close()
    again = CounterFile(tmp_path / "counters.sqlite")
    again.close()
    assert again.at_first == {"seat": Reached("a", 7), "pad": Reached("b", 3)}


def test_a_file_that_is_no_counter_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "counters.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(DriverError, match=r"counters\.sqlite: cannot hold counters"):
        CounterFile(path)


def sealed_frame(counter: int, key: bytes = KEY) -> Sealed:
    nonce = counter.to_bytes(13, "big")
    return Sealed(counter, nonce, AESCCM(key, tag_length=4).encrypt(nonce, b"x", None))


@given(st.lists(st.integers(0, 12), max_size=40))
def test_counters_that_are_accepted_only_rise(counters: list[int]) -> None:
    keyring = Keyring({"seat": KEY})
    accepted: list[int] = []
    for counter in counters:
        with contextlib.suppress(FrameError):
            if keyring.open("seat", sealed_frame(counter)) is not None:
                accepted.append(counter)
    assert accepted == sorted(set(accepted))
    assert accepted[-1:] == ([max(counters)] if counters else [])


def test_a_forged_counter_does_not_lock_the_sensor_out() -> None:
    keyring = Keyring({"seat": KEY})
    with pytest.raises(FrameError, match="wrong_key"):
        keyring.open("seat", sealed_frame(2**32 - 1, key=bytes(16)))
    assert keyring.open("seat", sealed_frame(1)) == b"x"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('"54:48:E6" = "00"', "line 2, 54:48:E6: not an address"),
        (f'"{SEAT}" = "231d39c1d7cc1ab1"', f"line 2, {SEAT}: the key is not 32 hex digits"),
        (f'\n"{SEAT}" = 231', f"line 3, {SEAT}: the key is not 32 hex digits"),
        (f'"{SEAT}" = "{KEY_TEXT}', "line 2: not valid TOML"),
        (f"key = {KEY_TEXT}", "line 2: not valid TOML"),
    ],
)
def test_a_mistake_in_a_key_file_is_named_without_the_key(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(f"[bindkeys]\n{text}")
    path.chmod(0o640)
    with pytest.raises(SettingsError) as caught:
        read_keys(path)
    assert named in str(caught.value)
    assert "231d39c1" not in str(caught.value)


def test_a_key_file_without_its_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(f'"{SEAT}" = "{KEY_TEXT}"')
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=r"write \[bindkeys\]"):
        read_keys(path)


def test_keys_that_everybody_may_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(f'[bindkeys]\n"{SEAT}" = "{KEY_TEXT}"')
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 640"):
        read_keys(path)


def test_keys_without_a_place_for_counters_are_refused(listening, files) -> None:
    with pytest.raises(SettingsError, match="go together"):
        listening(kind="ble_bthome", key_file=files()["key_file"])


async def test_no_key_is_ever_logged(bluez, listening, files, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    watched = listening(kind="ble_bthome", **files())
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, bthome(9, "23 01", key=bytes(16)))
        await bluez.advertise(SEAT, OCCUPIED_1)
        await watched.until(lambda: bool(watched.sightings))
    assert KEY_TEXT not in caplog.text
    assert repr(KEY) not in caplog.text
