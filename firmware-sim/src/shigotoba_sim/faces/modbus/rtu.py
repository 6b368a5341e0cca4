"""Modbus RTU, answering side: one request in, one answer out.

Source: MODBUS Application Protocol 1.1b3, sections 6 and 7; MODBUS over Serial Line 1.02, section 2.5.1 (frame, CRC).
Responsible for functions 02 and 04. Every other function is refused as the protocol says; a request for another unit or
with a wrong checksum gets silence.
"""

from __future__ import annotations

import struct
from typing import Final

from shigotoba_sim.faces.modbus.inputs import Inputs

READ_DISCRETE_INPUTS: Final = 0x02
READ_INPUT_REGISTERS: Final = 0x04
ILLEGAL_FUNCTION: Final = 0x01
ILLEGAL_DATA_ADDRESS: Final = 0x02
ILLEGAL_DATA_VALUE: Final = 0x03
_MOST_INPUTS: Final = 2000
_MOST_REGISTERS: Final = 125
_REFUSED: Final = 0x80
_SHORTEST: Final = 4
_READ_REQUEST: Final = struct.Struct(">HH")


class _RefusalError(Exception):
    """A request is understood and cannot be met; ``code`` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception code {code:02x}")
        self.code = code


def crc16(data: bytes) -> int:
    """CRC-16 of Modbus: polynomial 0xA001 (reflected), start 0xFFFF."""
    remainder = 0xFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xA001 if remainder & 1 else 0)
    return remainder


def framed(content: bytes) -> bytes:
    """``content`` with its checksum, low byte first."""
    return content + struct.pack("<H", crc16(content))


def answer(frame: bytes, unit: int, inputs: Inputs) -> bytes | None:
    """What the module ``unit`` answers to ``frame``; None for silence."""
    if len(frame) < _SHORTEST or framed(frame[:-2]) != frame or frame[0] != unit:
        return None
    function, body = frame[1], frame[2:-2]
    try:
        return framed(bytes((unit, function)) + _read(function, body, inputs))
    except _RefusalError as refusal:
        return framed(bytes((unit, function | _REFUSED, refusal.code)))


def _read(function: int, body: bytes, inputs: Inputs) -> bytes:
    if function == READ_DISCRETE_INPUTS:
        data = _bits(_span(body, inputs.levels, _MOST_INPUTS))
    elif function == READ_INPUT_REGISTERS:
        words = _span(body, inputs.registers, _MOST_REGISTERS)
        data = struct.pack(f">{len(words)}H", *words)
    else:
        raise _RefusalError(ILLEGAL_FUNCTION)
    return bytes((len(data),)) + data


def _span(body: bytes, values: tuple[int, ...], most: int) -> tuple[int, ...]:
    if len(body) != _READ_REQUEST.size:
        raise _RefusalError(ILLEGAL_DATA_VALUE)
    first, number = _READ_REQUEST.unpack(body)
    if not 1 <= number <= most:
        raise _RefusalError(ILLEGAL_DATA_VALUE)
    if first + number > len(values):
        raise _RefusalError(ILLEGAL_DATA_ADDRESS)
    return values[first : first + number]


def _bits(levels: tuple[int, ...]) -> bytes:
    """Eight levels a byte, the first in the lowest bit."""
    packed = sum(1 << place for place, level in enumerate(levels) if level)
    return packed.to_bytes(-(-len(levels) // 8), "little")
