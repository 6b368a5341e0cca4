"""Where in a TOML file a value stands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.lines import joined, line_of

ROOT = Path(__file__).parents[2]
TEXT = '''name = "[not] = a # table"
[reform]
paper = "a"

[[fault]]
kind = "k"
[[fault]]  # the second
kind = 'l]'
when.from = { at = 2026-01-01 10:00:00, who = [1, { seat = 2 }] }
long = """
kind = 1
"""
list = [
  # none of these is a key
  "a",
  { z = 1 },
]
[[fault.sub]]
"54:48" = 1
[[fault.sub]]
  q = 3
[fault.sub.deep]
v = 1
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("name", 1),
        ("reform.paper", 3),
        ("fault", 5),
        ("fault[0].kind", 6),
        ("fault[1]", 7),
        ("fault[1].kind", 8),
        ("fault[1].when.from.who[1].seat", 9),
        ("fault[1].long", 10),
        ("fault[1].list[0]", 15),
        ("fault[1].list[1].z", 16),
        ('fault[1].sub[0]."54:48"', 19),
        ("fault[1].sub[1].q", 21),
        ("fault[1].sub[1].deep.v", 23),
    ],
)
def test_every_value_has_its_line(key: str, line: int) -> None:
    assert line_of(TEXT, key) == line


def test_what_is_missing_is_missed_where_it_would_be() -> None:
    assert line_of(TEXT, "fault[1].at") == 7
    assert line_of(TEXT, "nothing") == 1
    assert line_of("", "nothing") == 1


def test_a_key_of_any_letters_is_written_as_toml_writes_it() -> None:
    assert joined("devices", "54:48") == 'devices."54:48"'
    assert joined("", "port") == "port"


def keys_of(value: Any, key: str = "") -> list[str]:
    match value:
        case dict():
            return [each for name, inner in value.items() for each in keys_of(inner, joined(key, name))] + [key]
        case list():
            return [each for at, inner in enumerate(value) for each in keys_of(inner, f"{key}[{at}]")] + [key]
        case _:
            return [key]


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "edge").rglob("sample.toml")) + sorted((ROOT / "deploy").rglob("*.toml")),
    ids=lambda p: p.name,
)
def test_every_key_of_a_real_file_is_on_the_line_that_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for key in keys_of(tomllib.loads(text)):
        name = key.rpartition(".")[2].partition("[")[0].strip('"')
        assert not name or key.endswith("]") or name in lines[line_of(text, key) - 1], key


@given(st.text(alphabet="ab.=[]{}\"'#,\n 1\\", max_size=60))
def test_whatever_tomllib_reads_can_be_walked(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for key in keys_of(table):
        assert 1 <= line_of(text, key) <= text.count("\n") + 1
