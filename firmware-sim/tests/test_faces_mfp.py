"""Printers: what their tables say, and how a counter moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.building import Mfp
from shigotoba_sim.faces.mfp.printers import BUSY_MS
from shigotoba_sim.faces.mfp.snmprec import RecordingError, read_recording
from shigotoba_sim.faces.mfp.tree import Oid, Syntax, Tree, integer, next_after, oid
from shigotoba_sim.plan.counters import Counters, effect_of
from shigotoba_sim.plan.events import Job
from shigotoba_testing.mfps import RICOHS, SERIAL, SHARP, Clock, printers

RICOH = oid("1.3.6.1.4.1.367.3.2.1.2.19.5.1")


SHARP_VALUES = oid("1.3.6.1.4.1.2385.1.1.19.2.1.3")


SHARP_LABELS = oid("1.3.6.1.4.1.2385.1.1.19.2.1.4")


counts = st.builds(Counters, *[st.integers(0, 2**33)] * 10)


def by_code(tree: Tree) -> dict[object, object]:
    return {cell.value: tree[*RICOH, 9, at[-1]].value for at, cell in tree.items() if at[:-1] == (*RICOH, 2)}


def by_label(tree: Tree) -> dict[str, object]:
    size = len(SHARP_LABELS)
    return {
        bytes(cell.value).decode(): tree[SHARP_VALUES + at[size:]].value
        for at, cell in tree.items()
        if at[:size] == SHARP_LABELS
    }


def test_a_printer_says_what_the_standard_asks() -> None:
    tree = printers([SHARP]).tree(SHARP)
    names = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0")
    states = ("1.3.6.1.2.1.25.3.2.1.5.1", "1.3.6.1.2.1.25.3.5.1.1.1")
    said = {name: tree[oid(name)].value for name in (*names, *states)}
    assert said == {
        "1.3.6.1.2.1.1.1.0": b"SHARP MX-3570N",
        "1.3.6.1.2.1.1.2.0": oid("1.3.6.1.4.1.2385.3.1.112.1.2"),
        "1.3.6.1.2.1.1.3.0": 360_000,
        "1.3.6.1.2.1.25.3.2.1.5.1": 2,
        "1.3.6.1.2.1.25.3.5.1.1.1": 3,
    }
    assert tree[SERIAL].value == b"6509415X00"
    marker = [tree[oid(f"1.3.6.1.2.1.43.10.2.1.{column}.1.1")].value for column in (3, 4, 5)]
    assert marker == [7, 200, 160]


def test_ricoh_s_type_codes_name_the_counters() -> None:
    codes = by_code(printers(RICOHS).tree(RICOHS[0]))
    assert {code: codes[code] for code in (10, 200, 201, 203, 300, 400, 401, 403)} == {
        10: 200, 200: 57, 201: 50, 203: 7, 300: 11, 400: 130, 401: 100, 403: 30,
    }  # fmt: skip
    assert (codes[870], codes[871], codes[872], codes[873], codes[874]) == (18, 16, 13, 2, 3)


def test_two_ricohs_have_the_same_rows_in_another_order() -> None:
    one, other = (printers(RICOHS).tree(mfp) for mfp in RICOHS)
    assert by_code(one) == by_code(other)
    orders = [[cell.value for at, cell in sorted(tree.items()) if at[:-1] == (*RICOH, 2)] for tree in (one, other)]
    assert orders[0] != orders[1]
    assert printers(RICOHS).tree(RICOHS[0]) == one


def test_sharp_s_labels_name_the_counters_and_add_up() -> None:
    labels = by_label(printers([SHARP]).tree(SHARP))
    assert (labels["Prints"], labels["Copies"], labels["Fax Receive"], labels["Fax Send"]) == (130, 57, 11, 13)
    assert (labels["Black & White Total Count"], labels["Full Color Total Count"]) == (163, 37)
    assert (labels["Black & White Other Count"], labels["Scan to E-mail/FTP"], labels["Duplex"]) == (2, 5, 50)


@given(counts, st.integers(0, 10_000), st.sampled_from([*RICOHS, SHARP]))
def test_no_counter_falls_while_the_printer_works_but_by_wrapping(before: Counters, more: int, mfp: Mfp) -> None:
    jobs = [
        Job(0, mfp.device, "print", 2 * more, more),
        Job(0, mfp.device, "copy", more, more, colour=True),
        Job(0, mfp.device, "scan", 0, 0, pages=more),
    ]
    after = sum((effect_of(job) for job in jobs), before)
    trees = [printers([mfp], now).tree(mfp) for now in (before, after)]
    for at, cell in trees[0].items():
        if cell.syntax is Syntax.COUNTER32:
            assert 0 <= int(cell.value) < 2**32
            assert (int(trees[1][at].value) - int(cell.value)) % 2**32 <= 3 * more


def test_a_printer_prints_for_some_seconds_after_a_job() -> None:
    clock = Clock()
    job = Job(clock.now_ms + 1000, SHARP.device, "print", 3, 3)
    sharp = printers([SHARP], jobs=(job,), clock=clock)
    status: list[object] = []
    for step_ms in (0, 1000, BUSY_MS - 1, 1):
        clock.now_ms += step_ms
        status.append(sharp.tree(SHARP)[oid("1.3.6.1.2.1.25.3.5.1.1.1")].value)
    assert status == [3, 4, 4, 3]


RECORDED = """\
# a comment
1.3.6.1.2.1.1.1.0|4|SHARP MX-3570N
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2385.3.1.112.1.2
1.3.6.1.2.1.1.3.0|67|724425094
1.3.6.1.2.1.4.20.1.1|64|192.0.2.7
1.3.6.1.2.1.25.3.5.1.2.1|4x|2000
1.3.6.1.2.1.43.8.2.1.9.1.31|2|-2
1.3.6.1.2.1.43.10.2.1.4.1.1|65|121104

1.3.6.1.2.1.43.8.2.1.13.1.1|4|Bypass | Tray
1.3.6.1.2.1.99.1|66|7
1.3.6.1.2.1.99.2|70|18446744073709551615
"""


def test_a_recording_is_read_with_all_its_types(tmp_path: Path) -> None:
    (tmp_path / "sharp.snmprec").write_text(RECORDED, encoding="utf-8")
    tree = read_recording(tmp_path / "sharp.snmprec")
    assert len(tree) == 10
    assert tree[oid("1.3.6.1.2.1.25.3.5.1.2.1")].value == b"\x20\x00"
    assert tree[oid("1.3.6.1.2.1.4.20.1.1")].value == bytes((192, 0, 2, 7))
    assert tree[oid("1.3.6.1.2.1.43.8.2.1.13.1.1")].value == b"Bypass | Tray"
    assert tree[oid("1.3.6.1.2.1.43.8.2.1.9.1.31")].value == -2


@pytest.mark.parametrize("line", ["1.3.6|4", "1.3.six|2|1", "1.3.6|99|1", "1.3.6|2|one", "1.3.6|4x|0g"])
def test_a_broken_recording_names_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "broken.snmprec").write_text(f"1.3.6.1|2|1\n{line}\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"broken\.snmprec, line 2: "):
        read_recording(tmp_path / "broken.snmprec")


@given(st.sets(st.lists(st.integers(0, 300), min_size=1, max_size=6).map(tuple), max_size=30))
def test_stepping_through_a_tree_visits_everything_once_and_in_order(names: set[Oid]) -> None:
    tree = {name: integer(0) for name in names}
    visited: list[Oid] = []
    at: Oid | None = ()
    while (at := next_after(tree, at)) is not None:
        visited.append(at)
    assert visited == sorted(names)
