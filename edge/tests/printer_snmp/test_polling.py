"""The driver with real pysnmp against a real agent: two vendors, two versions, and every way of not answering."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pysnmp.proto import rfc1902

from shigotoba_edge.drivers.printer_snmp.reconciliation import difference
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.errors import SettingsError

SERIAL = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1)
UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
UNIT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 3, 1, 1)
LIFE_COUNT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1)
KYOCERA_TOTAL = (1, 3, 6, 1, 4, 1, 1347, 43, 10, 1, 1, 12, 1, 1)
RICOH_CODES = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 2)
RICOH_VALUES = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 9)

NOTHING = Sighting("", 0)
SHARP_SAYS = {
    "impressions_total": 121_104,
    "impressions_print": 82_214,
    "impressions_copy": 38_804,
    "impressions_other": 86,
    "impressions_mono": 91_164,
    "impressions_colour": 29_940,
    "impressions_print_mono": 53_631,
    "impressions_print_colour": 28_583,
    "impressions_copy_mono": 37_485,
    "impressions_copy_colour": 1_319,
    "duplex_count": 41_020,
    "scan_sent": 13_534,
    "printer_errors": "low_toner",
}
RICOH_SAYS = {
    "impressions_total": 105_000,
    "impressions_print": 70_000,
    "impressions_copy": 30_000,
    "impressions_print_mono": 40_000,
    "impressions_fax": 5_000,
    "fax_sent": 900,
    "scan_sent": 700,
}


def table(port: int, **more) -> dict:
    printer = {"host": "127.0.0.1", "port": port} | more
    pace = {"poll_every_s": 0.1, "asleep_every_s": 0.1, "answer_within_s": 0.2}
    return {"kind": "printer_snmp", "printer": [printer]} | pace


def says(sighting) -> dict[str, object]:
    return {reading.point: reading.value for reading in sighting.readings}


async def test_the_recorded_sharp_reconciles(start_mfp, listening, sharp) -> None:
    _, port = await start_mfp(sharp)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    read = says(watched.sightings[0])
    assert watched.sightings[0].device == "mfp-6509415X00"
    assert read == SHARP_SAYS
    assert read["impressions_total"] == read["impressions_mono"] + read["impressions_colour"]
    assert difference(read) == 0
    assert watched.sightings[0].note == ""


async def test_a_ricoh_is_read_by_its_type_codes(start_mfp, listening, ricoh) -> None:
    _, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert watched.sightings[0].device == "mfp-C123R456789"
    assert says(watched.sightings[0]) == RICOH_SAYS


QUIET = {"printer_status": "idle", "printer_errors": "none"}
VENDORS = {
    "canon-names": {
        "impressions_total": 9_026,
        "impressions_print": 8_672,
        "impressions_copy": 354,
        "impressions_mono": 7_000,
        "impressions_colour": 2_026,
        "impressions_large": 66,
        "scan_total": 120,
    },
    "canon-numbers": {
        "impressions_total": 50_000,
        "impressions_print": 35_000,
        "impressions_mono": 30_000,
        "impressions_colour": 20_000,
        "impressions_large": 800,
        "scan_total": 6_100,
    },
    "fujifilm-xcmi": (
        XCMI := {
            "impressions_total": 30_734,
            "impressions_mono": 19_735,
            "impressions_colour": 10_999,
            "impressions_print": 25_733,
            "impressions_print_mono": 16_733,
            "impressions_print_colour": 9_000,
            "impressions_copy": 5_001,
            "impressions_copy_mono": 3_002,
            "impressions_copy_colour": 1_999,
            "impressions_fax": 0,
            "impressions_large": 800,
            "fax_sent": 75,
            "scan_sent": 650,
        }
    ),
    "fujifilm-xcmi-japanese": XCMI,
    "konica-minolta": {
        "impressions_total": 21_000,
        "impressions_print": 15_000,
        "impressions_print_mono": 9_000,
        "impressions_print_colour": 6_000,
        "impressions_copy": 6_000,
        "impressions_copy_mono": 5_000,
        "impressions_copy_colour": 1_000,
        "impressions_large": 150,
        "duplex_count": 4_000,
        "scan_total": 900,
    },
    "kyocera": {
        "impressions_total": 40_512,
        "impressions_print": 30_000,
        "impressions_print_mono": 20_000,
        "impressions_print_colour": 10_000,
        "impressions_copy": 10_000,
        "impressions_copy_mono": 9_000,
        "impressions_copy_colour": 1_000,
        "impressions_fax": 500,
        "duplex_count": 6_000,
        "scan_total": 2_222,
    },
    "epson": {
        "impressions_total": 1_500,
        "impressions_mono": 1_000,
        "impressions_colour": 500,
        "impressions_copy": 200,
    },
    "brother": {"impressions_total": 9, "impressions_mono": 7, "impressions_colour": 2, "impressions_duplex": 6},
    "toshiba": {
        "impressions_total": 7_007,
        "impressions_mono": 5_007,
        "impressions_colour": 2_000,
        "impressions_print": 4_500,
        "impressions_print_mono": 3_000,
        "impressions_print_colour": 1_500,
        "impressions_copy": 2_400,
        "impressions_copy_mono": 1_900,
        "impressions_copy_colour": 500,
        "impressions_fax": 100,
        "impressions_other": 7,
        "impressions_large": 30,
    },
    "pwg-counters": {
        "impressions_total": 1_000,
        "impressions_mono": 600,
        "impressions_colour": 400,
        "impressions_duplex": 300,
        "sheets_total": 850,
        "impressions_print": 700,
        "impressions_print_mono": 400,
        "impressions_print_colour": 300,
        "impressions_copy": 250,
        "impressions_copy_mono": 150,
        "impressions_copy_colour": 100,
        "impressions_fax": 50,
        "fax_received": 60,
        "fax_sent": 33,
    },
}


async def test_each_vendor_is_read_into_one_vocabulary(start_mfp, listening, frames) -> None:
    recorded = {name: frames(name) for name in VENDORS}
    ports = {name: (await start_mfp(objects))[1] for name, objects in recorded.items()}
    printers = [{"host": "127.0.0.1", "port": port} for port in ports.values()]
    watched = listening(**(table(0) | {"printer": printers, "answer_within_s": 2.0}))
    async with watched.running():
        await watched.until(lambda: len({seen.device for seen in watched.sightings}) == len(VENDORS))
    read = {seen.device.removeprefix("mfp-"): says(seen) for seen in watched.sightings}
    assert read == {serial(recorded[name]): points | QUIET for name, points in VENDORS.items()}


def serial(objects: dict) -> str:
    """The serial number of a recording, wherever it stands."""
    canons = (1, 3, 6, 1, 4, 1, 1602, 1, 2, 1, 8, 1, 3, 1, 1)
    return bytes(objects.get(SERIAL, objects.get(canons))).decode()


async def test_counters_that_do_not_add_up_are_reported_and_stored_as_they_are(
    start_mfp, listening, frames, caplog
) -> None:
    caplog.set_level(logging.INFO, logger="shigotoba_edge")
    kyocera = frames("kyocera")
    _, port = await start_mfp(kyocera)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: "by +12;" in (watched.sightings or [NOTHING])[-1].note)
        kyocera[KYOCERA_TOTAL] = rfc1902.Counter32(40_513)
        await watched.until(lambda: "by +13;" in watched.sightings[-1].note)
    assert watched.sightings[0].note == ""
    assert {says(seen)["impressions_total"] for seen in watched.sightings} == {40_512, 40_513}
    # The number is for the health; a log line for each fax would be a flood.
    assert caplog.text.count("differs from") == 1


async def test_a_printer_of_no_known_vendor_says_its_life_count(start_mfp, listening, sharp) -> None:
    standard = {at: value for at, value in sharp.items() if at[:7] == (1, 3, 6, 1, 2, 1, 43)}
    _, port = await start_mfp(standard)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == {"impressions_total": 121_104}


async def test_a_life_count_in_sheets_is_not_called_impressions(start_mfp, listening, sharp) -> None:
    sharp[UNIT] = rfc1902.Integer32(8)
    _, port = await start_mfp(sharp)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == SHARP_SAYS | {"sheets_total": 121_104}


async def test_a_printer_that_is_silent_in_v2c_is_read_in_v1(start_mfp, listening, ricoh) -> None:
    mfp, port = await start_mfp(ricoh)
    mfp.versions = {0}
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS


@pytest.mark.parametrize("versions", [{1}, {0}])
async def test_a_counter_that_is_gone_is_missing_and_the_others_are_not(start_mfp, listening, ricoh, versions) -> None:
    mfp, port = await start_mfp(ricoh)
    mfp.versions = versions
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        del ricoh[(*RICOH_VALUES, 3)]
        before = len(watched.sightings)
        await watched.until(lambda: len(watched.sightings) > before + 1)
    without_copies = {point: value for point, value in RICOH_SAYS.items() if point != "impressions_copy"}
    assert says(watched.sightings[-1]) == without_copies


async def test_a_sleeping_printer_says_nothing_and_one_line_is_logged(start_mfp, listening, ricoh, caplog) -> None:
    caplog.set_level(logging.INFO, logger="shigotoba_edge")
    mfp, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        mfp.asleep = True
        await watched.until(lambda: watched.dropped.get("no_answer", 0) >= 3)
        heard = len(watched.sightings)
        mfp.asleep = False
        await watched.until(lambda: len(watched.sightings) > heard)
    changes = [record.message for record in caplog.records if "visits" in record.name]
    assert [("does not answer" in line, "C123R456789 answers" in line) for line in changes] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert all(says(sighting) == RICOH_SAYS for sighting in watched.sightings)


async def test_another_printer_at_the_same_address_keeps_its_own_counters(start_mfp, listening, ricoh) -> None:
    _, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        ricoh[SERIAL] = rfc1902.OctetString("C999R000001")
        ricoh[(*RICOH_VALUES, 6)] = rfc1902.Counter32(12)
        await watched.until(lambda: watched.sightings[-1].device == "mfp-C999R000001")
    for sighting in watched.sightings:
        expected = 12 if sighting.device == "mfp-C999R000001" else 70_000
        assert says(sighting)["impressions_print"] == expected


async def test_a_restart_that_moved_the_rows_is_noticed(start_mfp, listening, ricoh) -> None:
    _, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        copies, prints = ricoh[(*RICOH_VALUES, 3)], ricoh[(*RICOH_VALUES, 6)]
        # All at once for the event loop: the agent answers between the lines of nobody else.
        ricoh[UPTIME] = rfc1902.TimeTicks(100)
        ricoh[(*RICOH_CODES, 3)], ricoh[(*RICOH_CODES, 6)] = ricoh[(*RICOH_CODES, 6)], ricoh[(*RICOH_CODES, 3)]
        ricoh[(*RICOH_VALUES, 3)], ricoh[(*RICOH_VALUES, 6)] = prints, copies
        before = len(watched.sightings)
        await watched.until(lambda: len(watched.sightings) > before + 1)
    assert all(says(sighting) == RICOH_SAYS for sighting in watched.sightings)


async def test_a_printer_still_starting_does_not_mix_two_totals(start_mfp, listening, ricoh) -> None:
    vendor = {at: value for at, value in ricoh.items() if at[:7] == (1, 3, 6, 1, 4, 1, 367)}
    for at in vendor:
        del ricoh[at]
    ricoh[UPTIME] = rfc1902.TimeTicks(3_000)
    _, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("starting", 0) >= 1)
        assert watched.sightings == []
        ricoh |= vendor
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS


async def test_a_printer_without_serial_number_is_counted_not_reported(start_mfp, listening, ricoh) -> None:
    ricoh[SERIAL] = rfc1902.OctetString("  \0")
    _, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("no_serial", 0) >= 1)
    assert watched.sightings == []


async def test_the_community_comes_from_a_file_and_stays_out_of_the_log(
    start_mfp, listening, ricoh, tmp_path: Path, caplog
) -> None:
    caplog.set_level(logging.DEBUG, logger="shigotoba_edge")
    secret = tmp_path / "community"
    secret.write_text("hisho-no-kotoba\n")
    _, port = await start_mfp(ricoh, community="hisho-no-kotoba")
    watched = listening(**table(port, community_file=str(secret)))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert "hisho" not in caplog.text


USER = ("shigotoba", "himitsu-no-kagi", "mou-hitotsu-no-kagi")


@pytest.fixture
def v3(tmp_path: Path) -> dict[str, str]:
    """The table of a user whose keys are in files."""
    for name, key in zip(("auth", "privacy"), USER[1:], strict=True):
        (tmp_path / name).write_text(f"{key}\n")
    return {"user": USER[0], "auth_file": str(tmp_path / "auth"), "privacy_file": str(tmp_path / "privacy")}


async def test_a_v3_user_reads_with_sha2_and_aes_and_its_keys_stay_out_of_the_log(
    start_mfp, listening, ricoh, v3, caplog
) -> None:
    caplog.set_level(logging.DEBUG, logger="shigotoba_edge")
    mfp, port = await start_mfp(ricoh, user=USER)
    mfp.versions = {3}
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS
    assert "kagi" not in caplog.text + repr(watched.driver.__dict__)


async def test_a_v3_user_with_a_wrong_key_is_refused_and_no_community_is_tried(
    start_mfp, listening, ricoh, v3, tmp_path: Path
) -> None:
    (tmp_path / "auth").write_text("something else\n")
    _, port = await start_mfp(ricoh, user=USER)
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("refused", 0) >= 1)
    assert watched.sightings == []


async def test_with_a_community_as_well_a_printer_without_v3_is_read(
    start_mfp, listening, ricoh, v3, tmp_path: Path
) -> None:
    (tmp_path / "community").write_text("public\n")
    mfp, port = await start_mfp(ricoh)
    mfp.versions = {0}
    watched = listening(**table(port, v3=v3, community_file=str(tmp_path / "community")))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS


async def test_a_v3_printer_is_read_again_after_its_board_was_replaced(start_mfp, listening, ricoh, v3) -> None:
    mfp, port = await start_mfp(ricoh, user=USER)
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        mfp.asleep = True
        await watched.until(lambda: bool(watched.dropped))
        mfp.stop()
        heard = len(watched.sightings)
        # A new engine: another engine id, its clock and boots from the beginning.
        await start_mfp(ricoh, port=port, user=USER)
        await watched.until(lambda: len(watched.sightings) > heard)
    assert says(watched.sightings[-1]) == RICOH_SAYS


def test_a_short_pass_phrase_is_refused_without_being_shown(listening, v3, tmp_path: Path) -> None:
    (tmp_path / "privacy").write_text("kagi\n")
    with pytest.raises(SettingsError, match="4 characters") as refused:
        listening(**table(161, v3=v3))
    assert "kagi" not in str(refused.value)


async def test_the_wrong_community_is_silence(start_mfp, listening, ricoh) -> None:
    _, port = await start_mfp(ricoh, community="other")
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("no_answer", 0) >= 1)


async def test_a_name_that_does_not_resolve_is_no_answer(listening) -> None:
    watched = listening(**table(161, host="mfp.invalid"))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("no_answer", 0) >= 1)


async def test_a_silent_printer_does_not_hold_up_another(start_mfp, listening, ricoh, sharp) -> None:
    mfp, silent = await start_mfp(ricoh)
    mfp.asleep = True
    _, port = await start_mfp(sharp)
    both = table(port) | {"printer": [{"host": "127.0.0.1", "port": silent}, {"host": "127.0.0.1", "port": port}]}
    watched = listening(**both)
    async with watched.running():
        await watched.until(lambda: len(watched.sightings) >= 2)
    assert {sighting.device for sighting in watched.sightings} == {"mfp-6509415X00"}


async def test_a_poll_asks_for_little(start_mfp, listening, ricoh) -> None:
    mfp, port = await start_mfp(ricoh)
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: len(watched.sightings) >= 1)
        met = mfp.requests
        before = len(watched.sightings)
        await watched.until(lambda: len(watched.sightings) >= before + 5)
    assert mfp.requests - met <= 2 * (len(watched.sightings) - before + 1)


async def test_noise_on_the_port_is_no_answer_and_the_next_one_counts(start_mfp, listening, ricoh) -> None:
    mfp, port = await start_mfp(ricoh)
    mfp.garbles = [b"", b"\x30", b"\x30\x05\x02\x01\x01\x04", b"\xff" * 200, bytes(64)]
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("no_answer", 0) >= 1)
        mfp.garbles = []
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS
