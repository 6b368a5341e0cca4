"""What the recorded printers say, where it stands, and how a driver of them is asked for."""

from __future__ import annotations

SERIAL = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1)
UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
UNIT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 3, 1, 1)
LIFE_COUNT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1)
KYOCERA_TOTAL = (1, 3, 6, 1, 4, 1, 1347, 43, 10, 1, 1, 12, 1, 1)
RICOH_CODES = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 2)
RICOH_VALUES = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 9)

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
