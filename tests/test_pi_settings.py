"""What runs on a board for years: its log stays small, and a read-only system disturbs nothing."""

import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from shigotoba_gateway.commands.places import LOCAL_PASSWORD, RUN, SETTINGS, STATE
from shigotoba_gateway.identity.agents import edge_settings
from shigotoba_gateway.identity.claiming import Places, settings_text
from shigotoba_gateway.identity.platform import BrokerPlace, Enrolled
from shigotoba_standalone import brokers
from shigotoba_standalone.ports import answers, free_ports
from shigotoba_testing.waiting import until

PI = Path(__file__).parents[1] / "deploy" / "pi"
CREDENTIALS = "/run/credentials/"
"""Where systemd hands a service its secrets; nothing is written there."""
BROKER = "/etc/mosquitto"
LOADED_WITH_A_STICK = {"ttyUSB": "usbserial", "ttyACM": "cdc_acm"}
"""Kinds of serial port the kernel knows only once the module is loaded: with the first stick, or by the unit."""


def settings_of(file: Path) -> dict[str, list[str]]:
    """The keys of a unit or of journald.conf, each with all its values."""
    said = defaultdict[str, list[str]](list)
    for line in file.read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            said[key].append(value)
    return said


def paths_in(table: dict[str, object]) -> list[str]:
    """Every absolute path among the values of a settings file."""
    inner = [path for value in table.values() if isinstance(value, dict) for path in paths_in(value)]
    return [*inner, *(value for value in table.values() if isinstance(value, str) and value.startswith("/"))]


def first_settings(unit: str) -> dict[str, object]:
    """What a newly claimed board is given."""
    if unit == "shigotoba-edge":
        return tomllib.loads(edge_settings("gw-1", "edge-1"))
    enrolled = Enrolled("gw-1", "honcho", "", "", BrokerPlace("mqtt.example.lg.jp", 8883))
    return tomllib.loads(
        settings_text(enrolled, "https://office.example.lg.jp", Places(SETTINGS, STATE, RUN, LOCAL_PASSWORD))
    )


def test_the_boards_log_is_in_memory_and_has_an_end() -> None:
    said = settings_of(PI / "journald.conf")
    assert said["Storage"] == ["volatile"]
    (most,) = said["RuntimeMaxUse"]
    assert most.endswith("M")
    assert int(most.removesuffix("M")) <= 64
    assert said["RateLimitBurst"]
    assert "journald.conf" in (PI / "install.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", ["shigotoba-gateway", "shigotoba-edge"])
def test_a_service_writes_in_its_own_directories_alone(unit: str) -> None:
    said = settings_of(PI / f"{unit}.service")
    assert said["ProtectSystem"] == ["strict"], "all the rest is read-only to it, whatever the system is"
    assert not any(key.endswith("Paths") or key == "ReadWriteDirectories" for key in said)
    own = [f"/var/lib/{name}/" for name in said["StateDirectory"]] + [
        f"/run/{name}/" for name in said["RuntimeDirectory"]
    ]
    used = [path for path in paths_in(first_settings(unit)) if not path.startswith(CREDENTIALS)]
    assert used
    assert [path for path in used if not path.startswith(tuple(own))] == []
    assert said["LogRateLimitBurst"]


def test_a_stick_that_is_plugged_in_later_may_be_opened() -> None:
    """systemd.resource-control(5), DeviceAllow: a group of devices is looked up in /proc/devices at the start."""
    said = settings_of(PI / "shigotoba-edge.service")
    allowed = {value.split()[0].removeprefix("char-") for value in said["DeviceAllow"]}
    for group, module in LOADED_WITH_A_STICK.items():
        assert group in allowed
        for key in ("After", "Wants"):
            assert f"modprobe@{module}.service" in " ".join(said[key]).split(), (group, key)
    assert allowed - LOADED_WITH_A_STICK.keys() == {"ttyAMA", "ttyS"}, "the board's own, there from the start"


@pytest.mark.integration
def test_the_boards_broker_needs_no_directory_and_logs_into_memory(tmp_path: Path) -> None:
    unit = settings_of(PI / "mosquitto/unit.conf")
    assert unit["ExecStartPre"] == [""], "Debian's would change the owner of a directory on the card"
    assert unit["ExecStart"] == ["", f"/usr/sbin/mosquitto -c {BROKER}/shigotoba.conf"]
    texts = {
        "shigotoba.conf": (PI / "mosquitto/main.conf").read_text(encoding="utf-8"),
        "conf.d/shigotoba.conf": (PI.parent / "mosquitto/local.conf").read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
        assert [word for line in lines for word in line if word.startswith("/") and not word.startswith(BROKER)] == []
        assert name in (PI / "install.sh").read_text(encoding="utf-8")
    executable = brokers.mosquitto.find()
    if executable is None:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    (port,) = free_ports(1)
    for name, text in texts.items():
        here = text.replace(BROKER, str(tmp_path)).replace("listener 1883", f"listener {port}")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(here.replace("user mosquitto", "user root"), encoding="utf-8")
    (tmp_path / "shigotoba").mkdir()
    for empty in ("passwords", "acl"):
        (tmp_path / "shigotoba" / empty).touch()
    command = [str(executable), "-c", str(tmp_path / "shigotoba.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as broker:
        until(lambda: answers(port), what="the board's broker")
        broker.terminate()
        assert broker.stderr is not None
        assert f"on port {port}" in broker.stderr.read()
    assert broker.returncode == 0
