"""The electrician's commands, on a real terminal (a pty), with a real stick: watch, discover, commission."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from shigotoba_edge.field.words import LANGUAGES, words
from shigotoba_testing.terminal import Terminal

CONTACT_CLOSED = bytes.fromhex("55 00 07 02 0A 0A 21 05 02 E9 5F 09 D7 01 29 CA")
CONTACT = "enocean-0502e95f"
PRESSED_AI = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
PRESSED_AO = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 85 58 01 34 99")
ROCKER = "enocean-002da8bb"
PLACE = re.compile(r"\{\w+")


@pytest.fixture
def settings(edge_toml, stick) -> Path:
    return edge_toml(f'[[driver]]\nkind = "enocean"\nname = "booths"\nport = "{stick.name}"\n')


def send(stick, terminal: Terminal, telegram: bytes, text: str) -> None:
    """Send until it is shown: the driver may not have opened the stick yet, and what comes before is lost."""
    stick.send(telegram)
    terminal.expect(text)


def test_watch_shows_readings_and_sums_up_when_interrupted(terminal, settings: Path, stick, tmp_path: Path) -> None:
    shown = terminal("watch", "--settings", settings)
    shown.expect("Listening; each message is shown as it comes. Ctrl-C ends it")
    stick.wait_opened()
    send(stick, shown, PRESSED_AI, f"{ROCKER}")
    shown.expect("button=AI  -50 dBm")
    send(stick, shown, CONTACT_CLOSED, "contact=yes  -41 dBm")
    shown.interrupt()
    shown.expect("booths        running  2 messages")
    shown.expect(f"{ROCKER}")
    assert shown.process.wait(30) == 0
    assert not (tmp_path / "edge.sqlite").exists()


def test_watch_shows_only_what_is_asked_for_in_the_language_asked_for(terminal, settings: Path, stick) -> None:
    shown = terminal("watch", "--settings", settings, "--only", CONTACT, "--language", "ja")
    shown.expect("受信を待っています。")
    stick.wait_opened()
    stick.send(PRESSED_AI)
    send(stick, shown, CONTACT_CLOSED, "contact=yes")
    assert "button" not in shown.shown
    shown.interrupt()
    shown.expect("booths        受信中  2 件")
    shown.expect("1 件、最後は ")


def test_discover_names_serial_ports_and_suggests_settings(terminal, tmp_path: Path, stick) -> None:
    folder = tmp_path / "by-id"
    folder.mkdir()
    port = folder / "usb-EnOcean_GmbH_USB400J-if00-port0"
    port.symlink_to(stick.name)
    (folder / "usb-Somebody_Something-if00").symlink_to(tmp_path / "none")
    wires = folder / "usb-FTDI_USB-RS485_Cable_FT0AB1CD-if00-port0"
    wires.symlink_to(stick.name)
    shown = terminal("discover", "--air", "0", "--wires", folder)
    shown.expect(f"{port}  enocean  free")
    shown.expect("is not there. Plug it in")
    shown.expect(f'port = "{port}"')
    shown.expect(f'port = "{wires}"')
    shown.expect("[[driver.module]]")
    assert shown.process.wait(30) == 0


def test_discover_speaks_japanese_too_also_of_what_is_wrong_with_a_port(terminal, tmp_path: Path, stick) -> None:
    folder = tmp_path / "by-id"
    folder.mkdir()
    (folder / "usb-Somebody_Something-if00").symlink_to(tmp_path / "none")
    shown = terminal("discover", "--air", "0", "--wires", folder, "--language", "ja")
    shown.expect("USB などの接続口:")
    shown.expect("種類不明")
    shown.expect("がありません。挿すか、`port` を直してください。")
    shown.expect("使えるものは見つかりませんでした。")
    assert shown.process.wait(30) == 0


def test_a_network_that_is_too_large_or_none_is_refused(terminal) -> None:
    for network, said in (("10.0.0.0/8", "more than 1024 addresses"), ("printers", "Write it like 192.0.2.0/28")):
        shown = terminal("discover", "--air", "0", "--subnet", network)
        shown.expect(said)
        assert shown.process.wait(30) == 2


def test_a_word_that_is_no_command_is_named(terminal) -> None:
    shown = terminal("lisen")
    shown.expect("'lisen' is no command. Use one of run, check, discover, commission, watch.")
    assert shown.process.wait(30) == 2


def test_a_seat_and_a_button_are_commissioned_by_using_them(terminal, settings: Path, stick, tmp_path: Path) -> None:
    record = tmp_path / "commissioning.jsonl"
    shown = terminal("commission", "--settings", settings, "--record", record)
    stick.wait_opened()
    shown.expect("Number: ")
    shown.type("7")
    shown.expect("is none of 0, 1, 2, 3, 4")
    shown.type("1")
    shown.expect("Code of the place")
    shown.type("3f s05")
    shown.expect("cannot be a code")
    shown.type("3f-s05")
    shown.expect("sit down at 3f-s05")
    send(stick, shown, CONTACT_CLOSED, f"{CONTACT} said contact=yes (-41 dBm). Is it this one?")
    shown.type("y")
    shown.expect("[60]")
    shown.type("1500")
    shown.expect(f"Written down: {CONTACT} at 3f-s05")

    shown.type("2")
    shown.expect("Code of the place")
    shown.type("3f-b1")
    shown.expect("'I am here'")
    send(stick, shown, PRESSED_AO, "Is it this one?")
    shown.type("y")
    shown.expect("AO is not the AI/BI side")
    shown.expect("'I am here'")
    send(stick, shown, PRESSED_AI, "Is it this one?")
    shown.type("y")
    shown.expect("'I leave'")
    send(stick, shown, PRESSED_AO, f"Written down: {ROCKER} at 3f-b1")

    shown.type("3")
    shown.expect("No printer has been read yet")
    shown.type("")
    shown.expect("Nothing was written down")
    shown.type("0")
    shown.expect("commissioning.site.json")
    assert shown.process.wait(30) == 0
    fragment = json.loads((tmp_path / "commissioning.site.json").read_text())
    assert fragment["devices"] == [
        {"code": CONTACT, "kind": "seat_sensor", "space": "3f-s05", "keep_alive_s": 1500.0},
        {"code": ROCKER, "kind": "booth_button", "space": "3f-b1", "keep_alive_s": 604_800.0},
    ]
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    assert [(entry["said"], entry["rssi_dbm"]) for entry in entries] == [("contact=yes", -41), ("button=AI", -50)]


def test_giving_up_writes_nothing_down_and_a_closed_terminal_ends_it(
    terminal, settings: Path, stick, tmp_path: Path
) -> None:
    record = tmp_path / "commissioning.jsonl"
    shown = terminal("commission", "--settings", settings, "--record", record, "--language", "ja")
    shown.expect("番号: ")
    shown.type("1")
    shown.expect("場所のコード")
    shown.type("3f-s05")
    shown.expect("座って")
    shown.type("")
    shown.expect("記録しませんでした")
    shown.hang_up()
    shown.process.wait(30)
    assert not record.exists()


def test_every_language_has_every_word() -> None:
    assert all(words(language).keys() == words("en").keys() for language in LANGUAGES)
    assert all(words(language)["language"] == language for language in LANGUAGES)
    places = {key: set(PLACE.findall(word)) for key, word in words("en").items()}
    assert places == {key: set(PLACE.findall(word)) for key, word in words("ja").items()}


async def test_discover_hears_who_is_in_the_air_and_suggests_the_driver_that_understood(bluez, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shigotoba_edge", "discover", "--air", "2", "--wires", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    await bluez.scanned()
    await bluez.advertise("54:48:E6:8F:80:A5", bytes.fromhex("40 00 07 01 64 23 01"), rssi_dbm=-61)
    await bluez.advertise("54:48:E6:8F:80:A6", bytes.fromhex("41 05 39 b1 5c fb a7 01 00 00 00 37 3e 18 30"))
    async with asyncio.timeout(60):
        shown = (await process.communicate())[0].decode()
    assert process.returncode == 0
    (seat,) = [line for line in shown.splitlines() if "ble-5448e68f80a5" in line]
    assert "-61 dBm" in seat
    assert seat.endswith("battery_pct, occupancy")
    (sealed,) = [line for line in shown.splitlines() if "ble-5448e68f80a6" in line]
    assert "nothing of it was understood: encrypted_without_key" in sealed
    assert shown.count("[[driver]]") == 1
    assert 'kind = "ble_bthome"' in shown
