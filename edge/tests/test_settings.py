"""The settings file, through the command a person types: one line that names file, line, key and remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from shigotoba_edge.driver import Surroundings
from shigotoba_edge.settings import read_agent_settings
from shigotoba_wire.errors import SettingsError

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

WIRED = 'kind = "modbus"\nport = "p"\n[[driver.module]]\n'
WIRE = '[[driver.module.input]]\ndevice = "a"\npoint = "contact"\ninput = 1\n'


def check(path: Path, spoken: str = "en") -> tuple[int, str]:
    """Exit status and what was said."""
    told = {**os.environ, "SHIGOTOBA_LANG": spoken}
    command = [sys.executable, "-m", "shigotoba_edge", "--settings", str(path), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=told)
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
        ('agent = "edge-1"', "", "line 1, agent: Object missing"),
        ('agent = "edge-1"', 'agent = "edge/1"', "line 2, agent: 'edge/1' cannot be a name"),
        ("health_every_s = 5.0", "health_every_s = 0", "line 5, health_every_s: "),
        (
            "health_every_s = 5.0",
            "healthy = 5.0",
            "line 5, healthy: Object contains unknown field `healthy`; there are ",
        ),
        ("port = 1883", 'port = "1883"', "line 9, broker.port: "),
        ("port = 1883", 'port = 1883\ncert_file = "c"', "line 7, broker: cert_file and key_file belong together"),
        (
            'kind = "enocean"',
            'kind = "zigbee"',
            "line 12, driver[0].kind: 'zigbee' is not a kind of driver. Use one of ble_",
        ),
        ('kind = "enocean"', "", "line 11, driver[0].kind: Object missing"),
        ('port = "{tmp}/tty"', "", "line 11, driver[0].port: Object missing required field `port`"),
        ("poll_every_s = 20.0", "poll_every_s = -1", "line 19, driver[1].poll_every_s: Expected `float` >= 0.1"),
        ('host = "127.0.0.1"\nport = 16101', "port = 16101", "line 21, driver[1].printer[0].host: Object missing"),
        ("port = 16101", 'port = 16101\ncommunity_file = "{tmp}/none"', "line 16, driver[1]: {tmp}/none: the secret"),
        ('name = "printers"', 'name = "booths"', "line 18, driver[1].name: two drivers have the name 'booths'"),
        ("[broker]", "[[model]]\nname = 'pir'\n[broker]", "line 7, model[0].devices: Object missing"),
        (
            "[broker]",
            f"{PIR}dead_after_s = 100\n[broker]",
            "line 11, model[0].dead_after_s: 100 is less than 2.5 keep-",
        ),
        ("[broker]", f"{PIR}pulse = true\n[broker]", "line 11, model[0].pulse: a pulse without hold_s"),
        ("[broker]", f"{PIR}{PIR}[broker]", "line 13, model[1].devices[0]: enocean-0502e95f is of two models"),
        (
            'port = "{tmp}/tty"',
            'port = "p"\n[driver.devices]\n"0029219A" = "A5-07-01"\n"0029219b" = "A5-07-9"',
            "line 17, driver[0].devices.0029219b: Invalid enum value 'A5-07-9'; there are A5-07-01, ",
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_it(written, tmp_path: Path, old: str, new: str, named: str) -> None:
    path = written(old.format(tmp=tmp_path), new.format(tmp=tmp_path))
    with pytest.raises(SettingsError) as caught:
        read_agent_settings(path, Surroundings(lambda: 0, Random(7)))
    assert str(caught.value).startswith(f"{path}, {named.format(tmp=tmp_path)}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (
            'kind = "ble_bthome"\nadapter = "DC:A6:32:01:02:03"',
            "line 28, driver[3].adapter: some drivers name",
        ),
        (
            'kind = "ble_bthome"\ncounter_file = "c"',
            "line 27, driver[2].counter_file: `key_file` and `counter_file` go",
        ),
        (
            f'{WIRED}unit = 1\ninput = [\n{{ device = "a", point = "contact" }},\n]',
            "line 31, driver[2].module[0].input[0]",
        ),
        (
            f"{WIRED}unit = 1\n{WIRE}[[driver.module]]\nunit = 1\n{WIRE}",
            "line 35, driver[2].module[1].unit: two modules",
        ),
    ],
)
def test_what_only_a_driver_can_see_has_its_line_too(written, table: str, named: str) -> None:
    path = written()
    other = '[[driver]]\nkind = "ble_linking"\nname = "air"\n' if "adapter" in table else ""
    path.write_text(f'{path.read_text()}[[driver]]\nname = "last"\n{table}\n{other}')
    with pytest.raises(SettingsError) as caught:
        read_agent_settings(path, Surroundings(lambda: 0, Random(7)))
    assert str(caught.value).startswith(f"{path}, {named}")


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("en", "{path}, line 9, broker.port: Expected `int`, got `str`.\n"),
        ("ja", '{path} の 9 行目、broker.port: 整数を書きます。今は文字（" で囲みます）です。\n'),
    ],
)
def test_the_check_says_it_in_the_persons_language(written, spoken: str, said: str) -> None:
    path = written("port = 1883", 'port = "1883"')
    assert check(path, spoken) == (2, said.format(path=path))


def test_what_is_no_toml_at_all_has_its_line(written) -> None:
    status, said = check(path := written("[broker]", "[broker"))
    assert (status, said.count("\n")) == (2, 1)
    assert said.startswith(f"{path}: not valid TOML: ")
    assert "(at line 7, column 8)" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    status, said = check(tmp_path / "none.toml")
    assert status == 2
    assert said.startswith(f"{tmp_path}/none.toml: no such file")
