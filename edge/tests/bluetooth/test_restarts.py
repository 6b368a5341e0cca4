"""A sealed sensor that counts from the start again is refused until a person says so; a disk that refuses is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from shigotoba_edge.bluetooth.confirming import Confirming
from shigotoba_edge.bluetooth.counters import CounterFile, Reached
from shigotoba_edge.bluetooth.keys import read_keys
from shigotoba_edge.bluetooth.sealed import MIC_BYTES, Keyring, Sealed
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_edge.settings import AgentSettings, fingerprints
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import Broker

KEY = bytes(range(16))
SEAT = "54:48:E6:8F:80:A5"


class RefusingFile(CounterFile):
    """A counter file whose disk is full while ``full``."""

    full = True

    def write(self, reached: Mapping[str, Reached]) -> None:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        super().write(reached)


def sealed(counter: int) -> Sealed:
    nonce = counter.to_bytes(13, "little")
    return Sealed(counter, nonce, AESCCM(KEY, tag_length=MIC_BYTES).encrypt(nonce, b"objects", None))


def test_after_a_restart_that_a_person_has_named_counters_begin_again_and_are_strict_again() -> None:
    before = Keyring({"seat": KEY})
    before.open("seat", sealed(70_000))
    kept = before.take_unsaved()
    for restarts, opens in ((0, False), (1, True)):
        keyring = Keyring({"seat": KEY}, {"seat": restarts})
        keyring.restore(kept)
        if opens:
            assert keyring.open("seat", sealed(1)) == b"objects"
            keyring.open("seat", sealed(2))
        with pytest.raises(FrameError, match="replayed"):
            keyring.open("seat", sealed(1))


def test_restarts_are_whole_numbers_beside_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(f'[bindkeys]\n"{SEAT}" = "{KEY.hex()}"\n[restarts]\n"{SEAT.lower()}" = 2\n')
    path.chmod(0o600)
    assert read_keys(path).restarts == {SEAT: 2}
    path.write_text(f'[bindkeys]\n"{SEAT}" = "{KEY.hex()}"\n[restarts]\n"{SEAT}" = "often"\n')
    with pytest.raises(SettingsError, match="Write a whole number"):
        read_keys(path)


async def test_counters_that_cannot_be_written_are_told_in_the_health_until_they_can(tmp_path: Path) -> None:
    file, keyring, heard = RefusingFile(tmp_path / "counters.sqlite"), Keyring({"seat": KEY}), []
    logbook = Logbook("tested", heard.append)
    for full, said in ((True, "counters cannot be written (database or disk is full)"), (False, "")):
        file.full = full
        confirming = Confirming(keyring, file, logbook)
        async with confirming.running():
            keyring.open("seat", sealed(1 + len(heard)))
            confirming.sighted(sighting_of("seat", 0))
        assert logbook.health().last_error.startswith(said)
    file.close()
    assert len(heard) == 2
    assert logbook.health().last_error == ""


def test_counters_that_rise_are_no_change_of_the_settings(tmp_path: Path) -> None:
    counters, keys = tmp_path / "counters.sqlite", tmp_path / "keys.toml"
    table = {"kind": "ble_bthome", "name": "ble", "key_file": str(keys), "counter_file": str(counters)}
    settings = AgentSettings("edge-1", "gw-1", tmp_path / "edge.sqlite", Broker("127.0.0.1", 1), (table,))
    first = fingerprints(settings)
    counters.write_bytes(b"1")
    assert fingerprints(settings) == first
    keys.write_bytes(b"1")
    assert fingerprints(settings) != first
