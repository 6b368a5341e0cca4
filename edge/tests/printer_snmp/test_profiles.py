"""Profiles as data, and what values mean: the arithmetic without a network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.printer_snmp import pwg
from shigotoba_edge.drivers.printer_snmp.mib import (
    ERROR_WORDS,
    SYS_UPTIME,
    enterprise_of,
    error_words,
    oid,
    status_word,
)
from shigotoba_edge.drivers.printer_snmp.printer import Printer, serial_of
from shigotoba_edge.drivers.printer_snmp.profiles import Coded, Counter, Labelled, Profile, Records, profiles
from shigotoba_edge.drivers.printer_snmp.reconciliation import PARTS, TOTAL, Reconciliation, difference
from shigotoba_edge.drivers.printer_snmp.sources import Source, records
from shigotoba_wire.points import VOCABULARY, Kind, fits
from shigotoba_wire.readings import is_name

KEYS, VALUES = (1, 3, 6, 1, 4, 1, 9, 1), (1, 3, 6, 1, 4, 1, 9, 2)
AT_SERIAL = oid("1.3.6.1.2.1.43.5.1.1.17.1")
TABLE = Labelled(
    labels="1.3.6.1.4.1.9.1",
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
    for table in profile.table:
        for point, counter in table.points.items():
            assert VOCABULARY[point].kind is Kind.NUMBER
            assert bool(counter.first_of) != bool(counter.sum_of)
        keys = table.keys()
        assert keys == [key.casefold().strip() if isinstance(key, str) else key for key in keys]
        match table:
            case Labelled():
                assert oid(table.labels) != oid(table.values)
            case Coded():
                assert all(at[: len(oid(table.base))] == oid(table.base) for at in table.objects())
            case Records():
                assert oid(table.object)


def test_every_vendor_that_was_promised_has_a_profile() -> None:
    vendors = {profile.vendor for profile in profiles().values()}
    assert vendors >= {"Ricoh", "Canon", "FUJIFILM/Xerox", "Konica Minolta", "Sharp", "Kyocera", "Epson"}
    assert vendors >= {"Brother", "Toshiba"}


def test_rows_are_found_by_code_and_label_wherever_they_stand() -> None:
    rows = {(*KEYS, 9, 1): b" Prints\0", (*KEYS, 3): 800, (*KEYS, 4): 874, (*KEYS, 77): 873}
    assert TABLE.plan(rows) == {
        "impressions_total": (Source((*VALUES, 3)),),
        "impressions_print": (Source((*VALUES, 9, 1)),),
        "scan_sent": (Source((*VALUES, 77)), Source((*VALUES, 4))),
    }


def test_the_first_of_several_codes_is_preferred() -> None:
    assert TABLE.plan({(*KEYS, 1): 800, (*KEYS, 2): 10}) == {"impressions_total": (Source((*VALUES, 2)),)}


@given(st.dictionaries(OIDS.map(lambda tail: KEYS + tail), SNMP_VALUES, max_size=20))
def test_any_table_gives_a_plan_inside_the_value_column(rows) -> None:
    for sources in TABLE.plan(rows).values():
        assert all(source.at[: len(VALUES)] == VALUES for source in sources)


def test_an_index_that_is_a_code_needs_no_labels_and_only_what_is_there_is_read() -> None:
    table = Coded(base="1.3", points={"impressions_print": Counter(sum_of=("5.1", "5.2", "5.3"))})
    values = {(1, 3, 5, 1): 7, (1, 3, 5, 3): 2, (1, 3, 5, 2): -1}
    assert table.plan(values) == {"impressions_print": (Source((1, 3, 5, 1)), Source((1, 3, 5, 3)))}


def test_the_published_brother_record_is_read() -> None:
    assert records(bytes.fromhex("00 01 04 00000009 06 01 04 00000006 FF")) == {0: 9, 6: 6}


@given(st.one_of(st.none(), SNMP_VALUES))
def test_any_octet_string_is_records_or_nothing(value) -> None:
    assert all(0 <= key < 255 and 0 <= number < 2**32 for key, number in records(value).items())


@given(st.dictionaries(st.integers(0, 254), st.integers(0, 2**32 - 1), max_size=12))
def test_records_are_read_as_they_were_written(counters) -> None:
    written = b"".join(bytes([key, 1, 4]) + number.to_bytes(4) for key, number in counters.items())
    assert records(written + b"\xff") == counters


def test_pwg_takes_a_service_as_a_whole_and_not_one_of_its_parts() -> None:
    types = {(*pwg.SERVICE_TYPE, 7): 3, (*pwg.SERVICE_TYPE, 8): 11, (*pwg.SERVICE_TYPE, 9): 11}
    subunits = {(*pwg.SUBUNIT_INDEX, 7): 0, (*pwg.SUBUNIT_INDEX, 8): 2, (*pwg.SUBUNIT_INDEX, 9): 0}
    assert pwg.services(types, subunits) == {3: 7, 11: 9}
    (total,) = pwg.plan({3: 7})["impressions_total"]
    assert total.at == (*pwg.IMPRESSIONS, 4, 7, 3, 3)


@given(st.dictionaries(OIDS.map(lambda tail: pwg.SERVICE_TYPE + tail), SNMP_VALUES, max_size=20))
def test_any_key_table_gives_a_plan(types) -> None:
    pwg.plan(pwg.services(types, {}))


COUNTS = st.dictionaries(st.sampled_from([TOTAL, *PARTS]), st.integers(0, 10_000))


@given(COUNTS)
def test_counters_are_compared_where_total_print_and_copy_are_there(counts) -> None:
    comparable = {TOTAL, "impressions_print", "impressions_copy"} <= counts.keys()
    assert (difference(counts) is not None) == comparable
    if comparable:
        assert counts[TOTAL] == difference(counts) + sum(counts.get(part, 0) for part in PARTS)


def test_a_job_between_two_requests_is_no_mismatch_and_a_lasting_difference_is() -> None:
    reconciliation = Reconciliation()
    fits = {TOTAL: 10, "impressions_print": 6, "impressions_copy": 4}
    assert reconciliation.check(fits | {"impressions_print": 5}) == ""
    assert reconciliation.check(fits) == ""
    assert reconciliation.check(fits | {TOTAL: 9}) == ""
    assert "by -1; compare with the panel" in reconciliation.check(fits | {TOTAL: 9})
    assert reconciliation.check(fits) == ""


def test_what_a_printer_does_not_count_apart_is_said_as_what_it_is() -> None:
    reconciliation, counts = Reconciliation(), {TOTAL: 12, "impressions_print": 6, "impressions_copy": 4}
    reconciliation.check(counts)
    note = reconciliation.check(counts)
    assert note == (
        "2 of impressions_total are in none of impressions_print + impressions_copy;"
        " it does not count impressions_fax and impressions_other apart"
    )
    every = counts | {"impressions_fax": 1, "impressions_other": 0}
    reconciliation.check(every)
    assert "by +1; compare with the panel" in reconciliation.check(every)


@given(st.binary(max_size=6))
def test_each_bit_of_the_error_state_is_a_word(octets) -> None:
    bits = "".join(f"{octet:08b}" for octet in octets)
    words = [word for word, bit in zip(ERROR_WORDS, bits, strict=False) if bit == "1"]
    assert error_words(octets) == (",".join(words) or "none")


def test_the_states_of_the_recorded_sharp_are_words() -> None:
    assert error_words(bytes.fromhex("2000")) == "low_toner"
    assert (status_word(3), status_word(99), status_word(b"x")) == ("idle", None, None)


@given(st.one_of(st.none(), SNMP_VALUES))
def test_any_serial_number_makes_a_name_or_none(value) -> None:
    serial = serial_of(value)
    assert serial is None or is_name(f"mfp-{serial}")


def printer(**counters) -> Printer:
    sources = {point: tuple(map(Source, objects)) for point, objects in counters.items()}
    return Printer("X1", AT_SERIAL, 100, sources)


@given(st.dictionaries(st.sampled_from([(1,), (2,), (3,)]), SNMP_VALUES))
def test_a_point_is_the_sum_of_all_its_parts_or_missing(values) -> None:
    said = printer(scan_sent=((1,), (2,)), fax_sent=((3,),)).counts(values)
    assert all(fits(point, value) and value >= 0 for point, value in said.items())
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
