"""Every driver is a complete folder, and costs nothing where it is not configured."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files
from random import Random

import msgspec
import pytest

from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers import DRIVERS, load

HEAVY = {"bleak", "dbus_fast", "serial", "pymodbus", "pysnmp"}
NEEDS = {
    "ble_bthome": {"bleak", "dbus_fast"},
    "ble_linking": {"bleak", "dbus_fast"},
    "ble_mibeacon": {"bleak", "dbus_fast"},
    "enocean": {"serial"},
    "modbus": {"pymodbus", "serial"},
    "printer_snmp": set(),  # loaded when it runs, in a thread
}


@pytest.mark.parametrize("kind", DRIVERS)
def test_a_driver_folder_has_everything_that_belongs_to_it(kind: str) -> None:
    folder = files(DRIVERS[kind])
    assert {"README.md", "sample.toml", "frames"} <= {entry.name for entry in folder.iterdir()}
    assert list(folder.joinpath("frames").iterdir())


@pytest.mark.parametrize("kind", DRIVERS)
def test_the_sample_is_valid_and_the_readme_shows_it(kind: str) -> None:
    sample = files(DRIVERS[kind]).joinpath("sample.toml").read_text()
    (table,) = tomllib.loads(sample)["driver"]
    chosen = load(kind)
    assert table["kind"] == kind
    chosen.build(msgspec.convert(table, chosen.settings), Surroundings(lambda: 0, Random(7)))
    assert f"```toml\n{sample}```" in files(DRIVERS[kind]).joinpath("README.md").read_text()


@pytest.mark.parametrize("kind", DRIVERS)
def test_a_driver_brings_its_own_libraries_and_no_others(kind: str) -> None:
    program = (
        f"import sys, shigotoba_edge.agent as a, shigotoba_edge.drivers as d; d.load({kind!r}); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) & HEAVY == NEEDS[kind]
