from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st
from pymodbus import FramerType
from pymodbus.client import AsyncModbusSerialClient

from shigotoba_sim.faces.modbus.inputs import Inputs
from shigotoba_sim.faces.modbus.module import PAUSE_S, InputModule
from shigotoba_sim.faces.modbus.rtu import answer, crc16, framed
from shigotoba_wire.errors import SettingsError

READ_EIGHT_INPUTS = bytes.fromhex("01 02 00 00 00 08 79 CC")


def inputs_with(*on: int) -> Inputs:
    inputs = Inputs(8)
    for number in on:
        inputs.set(number, True)
    return inputs


def test_the_bytes_are_those_that_pymodbus_was_seen_to_understand() -> None:
    assert answer(READ_EIGHT_INPUTS, 1, inputs_with(1)) == bytes.fromhex("01 02 01 02 20 49")
    assert answer(framed(bytes.fromhex("01 01 00 00 00 08")), 1, inputs_with()) == bytes.fromhex("01 81 01 81 90")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("01 03 00 00 00 01", 0x01),
        ("01 02 00 07 00 02", 0x02),
        ("01 04 00 10 00 01", 0x02),
        ("01 02 00 00 00 00", 0x03),
        ("01 04 00 00 00 7E", 0x03),
        ("01 02 00 00 00", 0x03),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_protocol_s_code(asked: str, code: int) -> None:
    request = bytes.fromhex(asked)
    assert answer(framed(request), 1, inputs_with()) == framed(bytes((1, request[1] | 0x80, code)))


def test_a_request_for_another_unit_or_with_a_wrong_sum_gets_silence() -> None:
    assert answer(READ_EIGHT_INPUTS, 2, inputs_with()) is None
    assert answer(READ_EIGHT_INPUTS[:-1] + b"\x00", 1, inputs_with()) is None


@given(st.binary(max_size=300))
def test_no_bytes_at_all_upset_the_module(noise: bytes) -> None:
    said = answer(noise, 1, inputs_with())
    assert said is None or crc16(said) == 0


@given(st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=60))
def test_counters_count_rises_and_nothing_else(changes: list[tuple[int, bool]]) -> None:
    inputs, rises = Inputs(8), [0] * 8
    for number, level in changes:
        rises[number] += level and not inputs.levels[number]
        inputs.set(number, level)
    assert [high << 16 | low for high, low in zip(*[iter(inputs.registers)] * 2, strict=True)] == rises


@pytest.fixture
async def module(tmp_path: Path) -> AsyncIterator[InputModule]:
    module = InputModule(tmp_path / "tty-modbus", 1, 6)
    module.open()
    yield module
    module.close()


@pytest.fixture
async def master(module: InputModule, tmp_path: Path) -> AsyncIterator[AsyncModbusSerialClient]:
    client = AsyncModbusSerialClient(
        str(tmp_path / "tty-modbus"), framer=FramerType.RTU, baudrate=9600, parity="N", timeout=5
    )
    assert await client.connect()
    yield client
    client.close()


async def test_pymodbus_reads_levels_and_counters(module: InputModule, master: AsyncModbusSerialClient) -> None:
    module.inputs.set(0, True)
    module.inputs.set(3, True)
    read = await master.read_discrete_inputs(0, count=6, device_id=1)
    assert read.bits[:6] == [True, False, False, True, False, False]
    counts = await master.read_input_registers(0, count=12, device_id=1)
    assert counts.registers == [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]


async def test_a_press_shorter_than_a_poll_is_in_the_counter(
    module: InputModule, master: AsyncModbusSerialClient, eventually
) -> None:
    for _ in range(3):
        module.press(1)
    await eventually(lambda: not module.inputs.levels[1])
    levels = await master.read_discrete_inputs(1, count=1, device_id=1)
    counts = await master.read_input_registers(2, count=2, device_id=1)
    assert (levels.bits[0], counts.registers) == (False, [0, 3])


async def test_pymodbus_understands_the_refusals(module: InputModule, master: AsyncModbusSerialClient) -> None:
    refused = await master.read_discrete_inputs(100, count=1, device_id=1)
    assert (refused.isError(), refused.exception_code) == (True, 2)
    refused = await master.read_coils(0, count=1, device_id=1)
    assert (refused.isError(), refused.exception_code) == (True, 1)


async def test_after_noise_and_a_pause_the_next_request_is_answered(
    module: InputModule, tmp_path: Path, eventually
) -> None:
    heard = bytearray()
    with serial.Serial(str(tmp_path / "tty-modbus"), 9600, timeout=0) as port:
        port.write(b"\x55\x00\x01\x02")
        await asyncio.sleep(3 * PAUSE_S)
        for byte in READ_EIGHT_INPUTS[:-3] + b"\x06\xf8\x08":
            port.write(bytes((byte,)))
        await eventually(lambda: heard.extend(port.read(64)) or len(heard) >= 6)
    assert heard == framed(bytes((1, 2, 1, 0)))


async def test_a_link_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"modbus_tty: .*Choose a name"):
        InputModule(tmp_path / "no" / "tty", 1, 3).open()
