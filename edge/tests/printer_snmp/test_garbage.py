"""Whatever comes back instead of an answer, through the real pysnmp: only the documented error, and it goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.drivers.printer_snmp.access import Access
from shigotoba_edge.drivers.printer_snmp.session import V1, V2C, Session, SnmpError, target_at
from shigotoba_testing.garbage import Middleman
from shigotoba_testing.printers import RICOH_CODES, SERIAL, UPTIME

QUESTIONS = 24
ANSWER_WITHIN_S = 0.05


async def test_spoilt_answers_raise_the_one_error_and_right_ones_are_understood_afterwards(start_mfp, ricoh) -> None:
    _, port = await start_mfp(ricoh)
    unhandled: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    engine = SnmpEngine()
    said: Counter[str] = Counter()
    async with Middleman.before(port, Random(20261121)) as (man, spoilt_port):
        target = await target_at("127.0.0.1", spoilt_port, ANSWER_WITHIN_S)
        sessions = [Session(engine, target, Access(community="public"), version) for version in (V2C, V1)]
        for number in range(QUESTIONS):
            try:
                await ask(sessions[number % 2], number % 3)
                said["answer"] += 1
            except SnmpError as error:
                said[error.reason] += 1
        man.rng = None
        patient = await target_at("127.0.0.1", spoilt_port, 5.0)
        for version in (V2C, V1):
            session = Session(engine, patient, Access(community="public"), version)
            assert (await session.get([SERIAL]))[SERIAL] == b"C123R456789"
    engine.close_dispatcher()
    assert unhandled == []
    assert man.spoilt >= QUESTIONS
    assert said["no_answer"] + said["snmp_error"] > QUESTIONS / 4


async def ask(session: Session, how: int) -> None:
    """One question of three kinds."""
    match how:
        case 0:
            await session.get([SERIAL, UPTIME])
        case 1:
            await session.walk(RICOH_CODES)
        case _:
            await session.first(SERIAL)
