"""The command line: what each command prints, writes and refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shigotoba_sim.cli import main

SETTINGS = """
seed = 7
site = "honcho"
gateway = "gw-1"
opened_on = "2020-10-21"
lively_from = "{lively_from}"
commands = "{home}/commands.jsonl"
state = "{home}/state"
enocean_tty = "{home}/tty-enocean"
dbus_socket = "{home}/dbus.sock"
snmp_ports = [16101, 16102, 16103]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "sim.toml"
    path.write_text(SETTINGS.format(home=tmp_path, lively_from="2020-10-30T08:12:00+09:00"))
    return path


def test_describe_writes_the_site_file(settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "--settings", str(settings), "--out", str(tmp_path / "site.json")]) == 0
    written = json.loads((tmp_path / "site.json").read_text(encoding="utf-8"))
    assert written["site"]["code"] == "honcho"
    assert main(["describe", "--settings", str(settings)]) == 0
    assert json.loads(capsys.readouterr().out) == written


def test_commands_given_become_part_of_the_truth(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for given in (["sit", "3f-s05"], ["press", "3f-b1", "--button", "BO"], ["print", "3f-p1", "--sides", "10"]):
        assert main([*given, "--settings", str(settings)]) == 0
    assert main(["leave", "3f-s05", "--settings", str(settings)]) == 0
    assert main(["fax", "4f-p1", "--received", "--settings", str(settings)]) == 0
    given = [json.loads(line) for line in settings.with_name("commands.jsonl").read_text().splitlines()]
    assert [command["do"] for command in given] == ["sit", "press", "print", "leave", "fax"]
    span = ["--from", "2020-10-29T00:00:00", "--to", "2020-10-30T00:00:00+09:00"]
    assert main(["truth", "--settings", str(settings), *span, "--json"]) == 0
    truth = json.loads(capsys.readouterr().out)
    assert truth["from"] == "2020-10-28T15:00:00Z"
    assert len(truth["spaces"]) == 48
    assert sum(space["occupied_s"] for space in truth["spaces"]) > 100 * 3600


def test_truth_is_told_in_words_without_json(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["truth", "--settings", str(settings), "--from", "2020-10-29", "--to", "2020-10-30"]) == 0
    out = capsys.readouterr().out
    assert "3f-s01: " in out
    assert " sides, " in out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["sit", "3f-s99"], "3f-s99: no such space. There are 3f-s01, "),
        (["sit", "3f-p1"], "3f-p1: is equipment, not seat or booth."),
        (["print", "nowhere"], "nowhere: no such printer. There are 3f-p1 (mfp-"),
        (["history"], "Add a [broker] block"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    settings: Path, capsys: pytest.CaptureFixture[str], given: list[str], says: str
) -> None:
    assert main([*given, "--settings", str(settings)]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert not settings.with_name("commands.jsonl").exists()


def test_a_building_that_is_not_yet_alive_obeys_nobody(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(SETTINGS.format(home=settings.parent, lively_from="2100-01-01T00:00:00+09:00"))
    assert main(["sit", "3f-s05", "--settings", str(settings)]) == 2
    assert "before lively_from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("seed = 7", "missing required field `seed`"),
        ('lively_from = "2020-10-30T08:12:00+09:00"', "missing required field `lively_from`"),
    ],
)
def test_a_settings_file_that_lacks_a_key_is_refused_by_name(
    settings: Path, capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    settings.write_text(settings.read_text().replace(line, ""))
    assert main(["describe", "--settings", str(settings)]) == 2
    assert says in capsys.readouterr().err


def test_a_building_cannot_live_before_it_opens(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(SETTINGS.format(home=settings.parent, lively_from="2020-10-20T08:12:00+09:00"))
    assert main(["describe", "--settings", str(settings)]) == 2
    assert "before opened_on" in capsys.readouterr().err


def test_the_module_runs_as_a_program(settings: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "shigotoba_sim", "sit", "3f-s05", "--settings", str(settings)], check=False
    )
    assert ran.returncode == 0
    assert settings.with_name("commands.jsonl").exists()


def test_the_settings_shown_to_newcomers_are_all_that_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (tmp_path / "sim.toml").write_text(page.split("```toml")[1].split("```")[0], encoding="utf-8")
    assert main(["describe", "--settings", str(tmp_path / "sim.toml")]) == 0
    assert json.loads(capsys.readouterr().out)["site"]["code"] == "honcho"
