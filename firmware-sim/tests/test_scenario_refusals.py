"""Every key of the scenario format: refused with line and key when it is wrong, missing or unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from shigotoba_sim.faults.kinds import Fault
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.scenario.model import Mark, Refit, Reform, Scenario, Telework
from shigotoba_sim.scenario.reading import read_scenario
from shigotoba_wire.errors import SettingsError

AT, LATER = "2026-11-02T10:00:00+09:00", "2026-11-03T10:00:00+09:00"
RIGHT = {
    "act": '"clock_jump"', "appeal": "2.0", "at": AT, "bits": "31", "by_s": "60", "count": "5",
    "department": '"税務課"',
    "fax": '"tokyo_fax"', "floor": '"4f"', "from": AT, "lasts_s": "90", "on": "2026-12-01", "paper": '"saitama_copy"',
    "seat_types": '{focus = "window"}', "serial": '"X1"', "share": "0.2", "starts_on": "2026-04-01", "to": LATER,
}  # fmt: skip
"""A value that can be read for every key; what a table needs besides is below."""
DATES = {"from": "2026-11-01", "to": "2026-12-01"}
PRINTERS = {"mfp_asleep", "mfp_reboots", "counter_reset", "board_swap", "mfp_replaced", "counter_wraps"}
ELSEWHERE = {"after_s"}
"""Stands instead of ``at``, and is tried in a file of its own."""


def keys_of(shape: Any) -> dict[str, bool]:
    """Every key of a table, and whether it is needed."""
    return {field.encode_name: field.required for field in msgspec.structs.fields(shape)}


def tables() -> Iterator[tuple[str, str, Any]]:
    """Header, kind of fault if it is one, and shape of every table."""
    yield "[[telework]]", "", Telework
    yield "[[refit]]", "", Refit
    yield "[reform]", "", Reform
    yield "[[mark]]", "", Mark
    for shape in get_args(Fault):
        yield "[[fault]]", str(shape.__struct_config__.tag), shape


TABLES = [pytest.param(*table, id=table[1] or table[0]) for table in tables()]


def values_of(header: str, kind: str, shape: Any) -> dict[str, str]:
    values = {key: RIGHT[key] for key in keys_of(shape) if key not in ELSEWHERE | {"who"}}
    if header == "[[telework]]":
        values |= DATES
    if "who" in keys_of(shape):
        values["who"] = '["3f-p1"]' if kind in PRINTERS else '["3f-s01"]'
    return ({"kind": f'"{kind}"'} if kind else {}) | values


def written(header: str, values: dict[str, str]) -> list[str]:
    """A file whose third line is the header of the table."""
    return ['name = "one table"', "", header, *(f"{key} = {value}" for key, value in values.items())]


@pytest.mark.parametrize(("header", "kind", "shape"), TABLES)
def test_every_key_is_refused_with_its_line_when_wrong_missing_or_unknown(
    header: str, kind: str, shape: Any, tmp_path: Path, inputs: PlanInputs
) -> None:
    file, right = tmp_path / "scenario.toml", values_of(header, kind, shape)
    table = header.strip("[]") + ("[0]" if header.startswith("[[") else "")

    def refusal(values: dict[str, str]) -> str:
        file.write_text("\n".join(written(header, values)), encoding="utf-8")
        with pytest.raises(SettingsError) as refused:
            read_scenario(file, inputs.place)
        return str(refused.value).removeprefix(f"{file}, ")

    file.write_text("\n".join(written(header, right)), encoding="utf-8")
    read_scenario(file, inputs.place)
    for line, key in enumerate(right, start=4):
        assert refusal(right | {key: "{nonsense = 1}"}).startswith(f"line {line}, {table}.{key}")
    for key in [key for key, needed in keys_of(shape).items() if needed] + ["kind"] * bool(kind):
        without = {name: value for name, value in right.items() if name != key}
        assert refusal(without).startswith(f"line 3, {table}.{key}: Object missing required field `{key}`")
    told = refusal(right | {"nobody_knows": "1"})
    assert told.startswith(f"line {4 + len(right)}, {table}.nobody_knows: Object contains unknown field")


@pytest.mark.parametrize("key", sorted(keys_of(Scenario)))
def test_a_table_of_the_wrong_kind_is_refused_with_its_line(key: str, tmp_path: Path, inputs: PlanInputs) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(f"# by hand\n{key} = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"line 2, {key}: Expected `"):
        read_scenario(file, inputs.place)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("[[mark]]", 'act = "uplink_cut"', "after_s = -1"), "line 3, mark[0].after_s: Expected `float` >= 0"),
        (("[[mark]]", 'act = "uplink_cut"'), "line 1, mark[0]: says neither at nor after_s"),
        (("[[mark]]", 'act = "uplink_cut"', f"at = {AT}", "after_s = 1"), "line 4, mark[0].after_s: at says already"),
        (("[[mark]]", 'act = "uplink_cut"', "after_s = 1", "by_s = 1"), "line 4, mark[0].by_s: belongs to clock_jump"),
        (("[[mark]]", 'act = "clock_jump"', "after_s = 1"), "line 1, mark[0]: says not by how many seconds"),
        (("[[telework]]", "share = 0.1", "from = 2026-11-02", "to = 2026-11-02"), "line 4, telework[0].to: 2026-11-02"),
        (
            ("[[refit]]", "on = 2026-11-02", 'floor = "3f"', "appeal = 0"),
            "line 4, refit[0].appeal: Expected `float` > 0",
        ),
        (("nothing = 1",), "line 1, nothing: Object contains unknown field `nothing`"),
    ],
)
def test_what_makes_no_sense_together_is_refused_too(
    lines: tuple[str, ...], says: str, tmp_path: Path, inputs: PlanInputs
) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_scenario(file, inputs.place)
    assert says in str(refused.value)
