"""The printers of a building with every make: what their tables say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_sim.building import building
from shigotoba_sim.faces.mfp.manners import version_of
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.mfp.tree import Syntax, Tree, oid
from shigotoba_sim.plan.counters import Counters

ON_MS = 1_790_000_000_000


NOW_MS = ON_MS + 3_600_000


MFPS = {mfp.vendor: mfp for mfp in building(7, "honcho", "gw-1", "all").mfps}


COUNTS = Counters(
    print_mono=100, print_colour=30, copy_mono=50, copy_colour=7, fax_print=11, other=2, sheets=150,
    fax_sent=13, fax_received=12, scan_sent=5,
)  # fmt: skip


def tree_of(make: str, counters: Counters = COUNTS) -> Tree:
    return Printers([MFPS[make]], lambda _device, _at_ms: counters, lambda: NOW_MS, ON_MS).tree(MFPS[make])


def said(make: str, base: str, *tails: str) -> list[object]:
    tree = tree_of(make)
    return [tree[oid(f"{base}.{tail}")].value for tail in tails]


def test_every_make_says_the_standard_and_its_own_enterprise() -> None:
    enterprises = {make: tree_of(make)[oid("1.3.6.1.2.1.1.2.0")].value[6] for make in MFPS}
    assert enterprises == {
        "ricoh": 367, "sharp": 2385, "canon": 1602, "fujifilm": 297, "konica_minolta": 18334, "kyocera": 1347,
        "standard": 8072, "pwg": 8072,
    }  # fmt: skip
    assert {tree_of(make)[oid("1.3.6.1.2.1.43.10.2.1.4.1.1")].value for make in MFPS} == {200}


def test_a_printer_of_no_particular_make_has_no_private_object() -> None:
    assert not [at for at in tree_of("standard") if at[:6] == oid("1.3.6.1.4.1")]


def test_canon_numbers_its_counters_as_the_panel_does_and_names_some() -> None:
    panel = said("canon", "1.3.6.1.4.1.1602.1.11.1.3.1.4", "101", "108", "106", "301", "501")
    assert panel == [200, 163, 37, 130, 5]
    black, colour = (said("canon", "1.3.6.1.4.1.1602.1.11.1.3.1.4", *pair) for pair in (("112", "113"), ("122", "123")))
    assert (sum(black), sum(colour)) == (163, 37)
    assert said("canon", "1.3.6.1.4.1.1602.1.11.2.1.1", "2.201", "3.201") == [b"Copy (Total 1)", 57]
    assert said("canon", "1.3.6.1.4.1.1602.1.2.1.8.1.3.1", "1") == [MFPS["canon"].serial.encode()]


def test_xcmi_names_every_row_and_its_parts_add_up() -> None:
    table = "1.3.6.1.4.1.253.8.53.13.2.1"
    assert said("fujifilm", table, "8.1.20.1", "6.1.20.1", "8.104.20.13", "6.104.20.13") == [
        b"Total Impressions", 200, b"Fax Images Sent", 13,
    ]  # fmt: skip
    assert sum(said("fujifilm", table, "6.1.20.33", "6.1.20.34")) == 200
    assert said("fujifilm", table, "6.1.20.7", "6.1.20.29", "6.103.20.3", "6.103.20.25", "6.1.20.9") == [
        100,
        30,
        50,
        7,
        50,
    ]


def test_konica_minolta_tells_colours_and_functions_by_position() -> None:
    base = "1.3.6.1.4.1.18334.1.1.1.5.7.2"
    assert said("konica_minolta", base, "2.1.5.1.1", "2.1.5.1.2", "2.1.5.2.1", "2.1.5.2.2") == [50, 100, 7, 30]
    assert said("konica_minolta", base, "1.1.0", "1.3.0", "1.5.0", "1.10.0") == [200, 50, 5, 150]


def test_kyocera_tells_functions_colours_and_sides_by_position() -> None:
    base = "1.3.6.1.4.1.1347"
    assert said("kyocera", base, *(f"42.3.1.1.1.1.{function}" for function in (1, 2, 4))) == [130, 57, 11]
    assert said("kyocera", base, "42.3.1.2.1.1.1.1", "42.3.1.2.1.1.1.3", "43.10.1.1.12.1.1") == [100, 30, 200]
    assert said("kyocera", base, "42.2.5.1.1.1.1", "42.2.5.1.1.2.1") == [100, 50]


def pwg_total(table: int, service: int, counters: Counters = COUNTS) -> int:
    tree, root = tree_of("pwg", counters), oid("1.3.6.1.4.1.2699.1.3.1")
    (key,) = [at[-1] for at, cell in tree.items() if at[:-1] == (*root, 2, 1, 1, 2) and cell.value == service]
    cell = tree[*root, table, 1, 1, 4, key, 3, 3]
    assert cell.syntax is Syntax.INTEGER
    return int(cell.value)


def test_pwg_keys_name_the_services() -> None:
    assert [pwg_total(8, service) for service in (3, 4, 7, 11)] == [200, 57, 11, 130]
    assert [pwg_total(7, service) for service in (7, 8, 12)] == [12, 13, 5]
    assert (pwg_total(9, 3), pwg_total(10, 3)) == (100, 150)


def test_pwg_counters_start_again_after_two_to_the_thirty_one_and_the_standard_s_do_not() -> None:
    counters = Counters(print_mono=2**31 + 7)
    assert pwg_total(8, 3, counters) == 7
    assert tree_of("pwg", counters)[oid("1.3.6.1.2.1.43.10.2.1.4.1.1")].value == 2**31 + 7


@settings(max_examples=40)
@given(
    st.builds(Counters, *[st.integers(0, 2**33)] * 10),
    st.lists(st.integers(0, 10_000), min_size=10, max_size=10),
    st.sampled_from(sorted(MFPS)),
)
def test_no_counter_of_any_make_falls_but_by_running_over(before: Counters, more: list[int], make: str) -> None:
    sides = sum(more[:6])
    # A sheet has one or two sides.
    after = before + Counters(*more[:6], max(min(more[6], sides), (sides + 1) // 2), *more[7:])
    trees = [tree_of(make, counters) for counters in (before, after)]
    private = (at for at in trees[0] if at[:6] == oid("1.3.6.1.4.1"))
    for at in private:
        one, other = (tree[at] for tree in trees)
        if isinstance(one.value, int) and one.value != other.value:
            modulus = 2**31 if one.syntax is Syntax.INTEGER else 2**32
            assert 0 <= int(one.value) < modulus
            assert (int(other.value) - int(one.value)) % modulus <= 2 * sum(more)


def test_the_version_of_a_message_is_read_without_understanding_it() -> None:
    assert version_of(bytes.fromhex("30 26 02 01 01 04 06")) == 1
    assert version_of(bytes.fromhex("30 82 00 40 02 01 03 30")) == 3
    assert [version_of(junk) for junk in (b"", b"0", b"GET / HTTP", b"\x30\x82\x02")] == [None] * 4
