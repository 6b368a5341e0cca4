"""Each vendor's counters with real pysnmp against a real agent, read into one vocabulary."""

from __future__ import annotations

import logging

from pysnmp.proto import rfc1902

from shigotoba_edge.drivers.printer_snmp.reconciliation import difference
from shigotoba_edge.logbook import Sighting
from shigotoba_testing.printers import (
    KYOCERA_TOTAL,
    RICOH_SAYS,
    SERIAL,
    SHARP_SAYS,
    UNIT,
    says,
    table,
)

NOTHING = Sighting("", 0)


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
        await watched.until(lambda: (watched.sightings or [NOTHING])[-1].note.startswith("12 of impressions_total"))
        kyocera[KYOCERA_TOTAL] = rfc1902.Counter32(40_513)
        await watched.until(lambda: watched.sightings[-1].note.startswith("13 of impressions_total"))
    assert watched.sightings[0].note == ""
    assert {says(seen)["impressions_total"] for seen in watched.sightings} == {40_512, 40_513}
    # The number is for the health; a log line for each fax would be a flood.
    assert caplog.text.count("it does not count impressions_other apart") == 1


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
