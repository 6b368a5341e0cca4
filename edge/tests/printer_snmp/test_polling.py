"""The driver with real pysnmp against a real agent: versions, restarts, and every way of not answering."""

from __future__ import annotations

import asyncio
import logging
from itertools import pairwise

import pytest
from pysnmp.proto import rfc1902

from shigotoba_testing.printers import (
    RICOH_CODES,
    RICOH_SAYS,
    RICOH_VALUES,
    SERIAL,
    UPTIME,
    says,
    table,
)


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


async def test_a_busy_printer_that_answers_only_when_asked_again_is_read(start_mfp, listening, ricoh) -> None:
    mfp, port = await start_mfp(ricoh)
    mfp.busy = True
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: len(watched.sightings) >= 2)
    assert all(says(sighting) == RICOH_SAYS for sighting in watched.sightings)


async def test_a_printer_too_slow_to_answer_is_asked_more_and_more_rarely(start_mfp, listening, ricoh, caplog) -> None:
    caplog.set_level(logging.INFO, logger="shigotoba_edge")
    mfp, port = await start_mfp(ricoh)
    mfp.answers_after_s = 1.0
    watched = listening(**table(port) | {"answer_within_s": 0.1, "asleep_every_s": 1.6})
    missed_s: list[float] = []
    async with watched.running():
        for visit in range(1, 7):
            await watched.until(lambda visit=visit: watched.dropped.get("no_answer", 0) >= visit)
            missed_s.append(asyncio.get_running_loop().time())
        # Two versions, each asked twice, a visit: its late answers make nobody ask more.
        assert mfp.requests <= 4 * len(missed_s)
        assert watched.sightings == []
        mfp.answers_after_s = 0.0
        await watched.until(lambda: bool(watched.sightings))
    pauses_s = [later - earlier for earlier, later in pairwise(missed_s)]
    assert [pause >= 0.8 * 0.1 * 2**n for n, pause in enumerate(pauses_s)] == [True] * 5
    assert all(says(sighting) == RICOH_SAYS for sighting in watched.sightings)
    told = [record.message for record in caplog.records if "listening" not in record.message]
    assert [line.removeprefix(f"127.0.0.1:{port}: ").partition(";")[0] for line in told] == [
        "does not answer",
        "mfp-C123R456789 answers",
    ]


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
