"""The wire: asks a module for inputs and registers through pymodbus.

Responsible for requests and for the word a failed one is counted under. Refuses to know what is wired where.
"""

# pyright: reportUnknownMemberType=false
# pymodbus types its replies by their base class only; what is taken from them is typed here.

from __future__ import annotations

import contextlib
import logging
import termios
from collections.abc import AsyncGenerator, Generator
from typing import Final, TypeVar

from pymodbus.client import AsyncModbusSerialClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU
from serial import Serial

from shigotoba_edge.driver import DriverError
from shigotoba_edge.drivers.modbus.settings import Settings, Span
from shigotoba_edge.frames import FrameError
from shigotoba_edge.serial_ports import trouble

Value = TypeVar("Value", bool, int)

RETRIES: Final = 1

# It writes an error for every request without answer; the driver says it once, and counts.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


class Bus:
    """An open wire."""

    def __init__(self, client: AsyncModbusSerialClient, port: str) -> None:
        self._client = client
        self._port = port

    async def inputs(self, unit: int, span: Span) -> list[bool]:
        """The discrete inputs of ``span`` (function 02).

        Raises:
            FrameError: No answer, a refusal, or an answer to something else.
            DriverError: The port is gone.
        """
        with self._failures():
            reply = await self._client.read_discrete_inputs(span.first, count=span.count, device_id=unit)
        _refuse_refusal(reply)
        # Eight to a byte: the last byte may hold more than was asked for.
        return _whole([bool(bit) for bit in reply.bits], span)[: span.count]

    async def registers(self, unit: int, span: Span) -> list[int]:
        """The input registers of ``span`` (function 04).

        Raises:
            FrameError: No answer, a refusal, or an answer to something else.
            DriverError: The port is gone.
        """
        with self._failures():
            reply = await self._client.read_input_registers(span.first, count=span.count, device_id=unit)
        _refuse_refusal(reply)
        registers = _whole([int(register) for register in reply.registers], span)
        if len(registers) > span.count:
            raise FrameError("wrong_answer", f"{len(registers)} registers instead of {span.count}")
        return registers

    @contextlib.contextmanager
    def _failures(self) -> Generator[None, None, None]:
        try:
            yield
        except ConnectionException as error:
            raise DriverError(f"{self._port} is gone. Plug the adapter in.") from error
        except ModbusException as error:
            if not self._client.connected:
                raise DriverError(f"{self._port} is gone. Plug the adapter in.") from error
            raise FrameError("no_answer", str(error)) from error


def _refuse_refusal(reply: ModbusPDU) -> None:
    if reply.isError():
        raise FrameError(f"exception_{reply.exception_code:02x}", str(reply))


def _whole(values: list[Value], span: Span) -> list[Value]:
    if len(values) < span.count:
        raise FrameError("wrong_answer", f"{len(values)} values instead of {span.count}")
    return values


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Bus, None]:
    """The wire at the settings' port, locked against other programs.

    Raises:
        DriverError: It cannot be opened.
    """
    client = AsyncModbusSerialClient(
        settings.port,
        baudrate=settings.baud,
        parity=settings.parity,
        stopbits=settings.stop_bits,
        timeout=settings.answer_within_s,
        retries=RETRIES,
        reconnect_delay=0,
    )
    try:
        if not await client.connect():
            raise DriverError(_why_not(settings.port))
        yield Bus(client, settings.port)
    except (OSError, termios.error) as error:
        raise DriverError(trouble(settings.port, error)) from error
    finally:
        client.close()


def _why_not(port: str) -> str:
    """What keeps the port from opening; pymodbus keeps that to itself, and trying again tells it."""
    try:
        with Serial(port, exclusive=True):
            return f"{port} could not be opened, but can be now."
    except (OSError, termios.error) as error:
        return trouble(port, error)
