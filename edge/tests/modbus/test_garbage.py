"""Whatever a module answers, through the real pymodbus: only the documented error, and the next right answer counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random

from shigotoba_edge.drivers.modbus.bus import opened
from shigotoba_edge.drivers.modbus.settings import Input, Module, Settings, Span
from shigotoba_edge.frames import FrameError
from shigotoba_testing.garbage import garbled

QUESTIONS = 60
ANSWER_WITHIN_S = 0.03


async def test_a_module_that_answers_garbage_raises_the_one_error_and_is_understood_afterwards(slave, stick) -> None:
    rng = Random(20261121)
    slave.garbles = lambda right, seal: garbled(right, rng, seal)
    module = Module(unit=1, input=(Input(device="wired-1-0", point="occupancy", input=0),))
    settings = Settings(
        kind="modbus",
        name="tested",
        port=str(stick.name),
        module=(module,),
        parity="N",
        answer_within_s=ANSWER_WITHIN_S,
    )
    unhandled: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    refused: Counter[str] = Counter()
    async with opened(settings) as bus:
        for number in range(QUESTIONS):
            ask = bus.registers if number % 2 else bus.inputs
            try:
                await ask(1, Span(0, 8))
            except FrameError as error:
                refused[error.reason] += 1
        slave.garbles = None
        slave.inputs[1][3] = True
        # What was sent too late is still on the wire: it is the answer to nothing, or to the wrong question.
        for _ in range(5):
            try:
                levels = await bus.inputs(1, Span(0, 8))
                break
            except FrameError:
                continue
    assert levels == [False, False, False, True, False, False, False, False]
    assert unhandled == []
    assert refused["no_answer"] + refused["wrong_answer"] > QUESTIONS / 4
