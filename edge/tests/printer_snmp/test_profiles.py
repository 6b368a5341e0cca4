"""Profiles as data, and what values mean: the arithmetic without a network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.printer_snmp.mib import SYS_UPTIME, enterprise_of, oid
from shigotoba_edge.drivers.printer_snmp.printer import Printer, serial_of
from shigotoba_edge.drivers.printer_snmp.profiles import Counter, Profile, plan, profiles
from shigotoba_wire.points import VOCABULARY, Kind, fits
from shigotoba_wire.readings import is_name

KEYS, VALUES = (1, 3, 6, 1, 4, 1, 9, 1), (1, 3, 6, 1, 4, 1, 9, 2)
AT_SERIAL = oid("1.3.6.1.2.1.43.5.1.1.17.1")
PROFILE = Profile(
    vendor="Example",
    enterprise=9,
    keys="1.3.6.1.4.1.9.1",
    values="1.3.6.1.4.1.9.2",
    points={
        "impressions_total": Counter(first_of=(10, 800)),
        "impressions_print": Counter(first_of=("prints",)),
        "scan_sent": Counter(sum_of=(873, 874)),
    },
)
OIDS = st.lists(st.integers(0, 300), min_size=1, max_size=6).map(tuple)
SNMP_VALUES = st.one_of(st.integers(-(2**31), 2**32), st.binary(max_size=20), OIDS)


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.vendor)
def test_a_profile_names_points_of_the_vocabulary_and_says_how_to_read_each(profile: Profile) -> None:
    for point, counter in profile.points.items():
        assert VOCABULARY[point].kind is Kind.NUMBER
        assert bool(counter.first_of) != bool(counter.sum_of)
    labels = [key for counter in profile.points.values() for key in counter.first_of + counter.sum_of]
    assert labels == [key.casefold().strip() if isinstance(key, str) else key for key in labels]
    assert oid(profile.keys) != oid(profile.values)


def test_rows_are_found_by_code_and_label_wherever_they_stand() -> None:
    rows = {(*KEYS, 9, 1): b" Prints\0", (*KEYS, 3): 800, (*KEYS, 4): 874, (*KEYS, 77): 873}
    assert plan(PROFILE, rows) == {
        "impressions_total": ((*VALUES, 3),),
        "impressions_print": ((*VALUES, 9, 1),),
        "scan_sent": ((*VALUES, 77), (*VALUES, 4)),
    }


def test_the_first_of_several_codes_is_preferred() -> None:
    assert plan(PROFILE, {(*KEYS, 1): 800, (*KEYS, 2): 10}) == {"impressions_total": ((*VALUES, 2),)}


@given(st.dictionaries(OIDS.map(lambda tail: KEYS + tail), SNMP_VALUES, max_size=20))
def test_any_table_gives_a_plan_inside_the_value_column(rows) -> None:
    for objects in plan(PROFILE, rows).values():
        assert all(at[: len(VALUES)] == VALUES for at in objects)


@given(st.one_of(st.none(), SNMP_VALUES))
def test_any_serial_number_makes_a_name_or_none(value) -> None:
    serial = serial_of(value)
    assert serial is None or is_name(f"mfp-{serial}")


def printer(**counters) -> Printer:
    return Printer("X1", AT_SERIAL, 100, counters)


@given(st.dictionaries(st.sampled_from([(1,), (2,), (3,)]), SNMP_VALUES))
def test_a_point_is_the_sum_of_all_its_parts_or_missing(values) -> None:
    seen = printer(scan_sent=((1,), (2,)), fax_sent=((3,),)).sighting(values, at_ms=5)
    said = {reading.point: reading.value for reading in seen.readings}
    assert all(fits(reading.point, reading.value) and reading.value >= 0 for reading in seen.readings)
    usable = {at: value for at, value in values.items() if isinstance(value, int) and value >= 0}
    assert ("fax_sent" in said) == ((3,) in usable)
    assert said.get("scan_sent") == (usable[1,] + usable[2,] if (1,) in usable and (2,) in usable else None)


def test_another_serial_number_or_a_fallen_uptime_is_not_the_same_printer() -> None:
    assert printer().is_same({AT_SERIAL: b"X1", SYS_UPTIME: 100})
    assert printer().is_same({AT_SERIAL: b"X1"})
    assert not printer().is_same({AT_SERIAL: b"X1", SYS_UPTIME: 99})
    assert not printer().is_same({AT_SERIAL: b"X2", SYS_UPTIME: 100})
    assert not printer().is_same({SYS_UPTIME: 100})


def test_the_vendor_is_the_number_below_enterprises() -> None:
    assert enterprise_of(oid("1.3.6.1.4.1.2385.3.1.112.1.2")) == 2385
    assert enterprise_of(oid("1.3.6.1.4.1")) is None
    assert enterprise_of(oid("1.3.6.1.2.1.1")) is None
