"""The settings file, through the command a person types: one line that names file, key and remedy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GOOD = """
agent = "edge-1"
gateway = "gw-1"
outbox = "{tmp}/edge.sqlite"
health_every_s = 5.0

[broker]
host = "127.0.0.1"
port = 1883

[[driver]]
kind = "enocean"
name = "booths"
port = "{tmp}/tty"

[[driver]]
kind = "printer_snmp"
name = "printers"
poll_every_s = 20.0

[[driver.printer]]
host = "127.0.0.1"
port = 16101
"""


PIR = '[[model]]\nname = "pir"\ndevices = ["enocean-0502e95f"]\nkeep_alive_s = 60\n'


def check(path: Path) -> tuple[int, str]:
    """Exit status and what was said."""
    command = [sys.executable, "-m", "shigotoba_edge", "--settings", str(path), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def written(tmp_path: Path):
    def write(old: str = "", new: str = "") -> Path:
        path = tmp_path / "edge.toml"
        text = GOOD.format(tmp=tmp_path)
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text)
        return path

    return write


def test_good_settings_are_accepted_without_starting_anything(written, tmp_path: Path) -> None:
    assert check(written()) == (0, "")
    assert not (tmp_path / "edge.sqlite").exists()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('agent = "edge-1"', "", "agent"),
        ('agent = "edge-1"', 'agent = "edge/1"', "$.agent"),
        ("health_every_s = 5.0", "health_every_s = 0", "$.health_every_s"),
        ("health_every_s = 5.0", "healthy = 5.0", "healthy"),
        ("port = 1883", 'port = "1883"', "$.broker.port"),
        ('kind = "enocean"', 'kind = "zigbee"', "Use one of ble_bthome, "),
        ('port = "{tmp}/tty"', "", "driver 1 (enocean): Object missing required field `port`"),
        ("poll_every_s = 20.0", "poll_every_s = -1", "driver 2 (printer_snmp): Expected `float` >= 0.1"),
        ('host = "127.0.0.1"\nport = 16101', "port = 16101", "$.printer[0]"),
        ("port = 16101", 'port = 16101\ncommunity_file = "{tmp}/none"', "/none"),
        ('name = "printers"', 'name = "booths"', "two drivers have the name 'booths'"),
        ("[broker]", "[broker", "not valid TOML"),
        ("[broker]", "[[model]]\nname = 'pir'\n[broker]", "$.model[0]"),
        ("[broker]", f"{PIR}dead_after_s = 100\n[broker]", "less than 2.5 keep-alives; use 150 or more"),
        ("[broker]", f"{PIR}pulse = true\n[broker]", "a pulse without hold_s"),
        ("[broker]", f"{PIR}{PIR}[broker]", "is of two models"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(written, tmp_path: Path, old: str, new: str, named: str) -> None:
    path = written(old.format(tmp=tmp_path), new.format(tmp=tmp_path))
    status, said = check(path)
    assert status == 2
    assert said.startswith(f"{path}: ")
    assert said.count("\n") == 1
    assert named in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    status, said = check(tmp_path / "none.toml")
    assert status == 2
    assert said.startswith(f"{tmp_path}/none.toml: no such file")
