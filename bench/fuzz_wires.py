"""Bounded fuzz of what pymodbus and pysnmp parse, through the drivers' doors: a pty and a UDP port that answer garbage.

    python bench/fuzz_wires.py --questions 2000 [--seed 1]

Each question is answered by a right answer gone wrong (``shigotoba_testing.garbage``): cut, lengthened, changed, in
pieces, with right checksums, or random bytes. Only the drivers' documented errors may come out, nothing may reach the
event loop's handler, and afterwards a right answer must be understood. Prints what was refused, by reason. Exit status
1 as soon as something else was raised.

Responsible for asking. Refuses to judge answers that happen to be right.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from random import Random
from socket import SOCK_DGRAM

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.drivers.modbus.bus import Bus, opened
from shigotoba_edge.drivers.modbus.settings import Input, Module, Settings, Span
from shigotoba_edge.drivers.printer_snmp.access import Access
from shigotoba_edge.drivers.printer_snmp.mib import SERIAL_NUMBER, SYS_UPTIME
from shigotoba_edge.drivers.printer_snmp.session import V1, V2C, Session, SnmpError, target_at
from shigotoba_edge.frames import FrameError
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.snmprec import read_recording
from shigotoba_standalone.ports import free_ports
from shigotoba_testing.garbage import Middleman, garbled, with_crc

REQUEST_BYTES = 8
HASTE_S = 0.02
PATIENCE_S = 5.0
RICOH = files("shigotoba_edge.drivers.printer_snmp").joinpath("frames/ricoh-table.snmprec")


class Slave:
    """A module whose 8 inputs are on and whose registers are 0; its answers go wrong while ``rng`` is set."""

    def __init__(self, descriptor: int, rng: Random) -> None:
        self.rng: Random | None = rng
        self._descriptor = descriptor
        self._heard = b""

    def hear(self) -> None:
        """Answer what has come."""
        self._heard += os.read(self._descriptor, 256)
        while len(self._heard) >= REQUEST_BYTES:
            request, self._heard = self._heard[:REQUEST_BYTES], self._heard[REQUEST_BYTES:]
            right = request[:2] + (b"\x01\xff" if request[1] == 2 else b"\x10" + bytes(16))
            for piece in [with_crc(right)] if self.rng is None else garbled(right, self.rng, with_crc):
                os.write(self._descriptor, piece)


async def modbus(questions: int, seed: int, refused: Counter[str]) -> None:
    """Ask a module that answers garbage, then one that answers right."""
    ours, theirs = os.openpty()
    slave = Slave(ours, Random(seed))
    asyncio.get_running_loop().add_reader(ours, slave.hear)
    module = Module(unit=1, input=(Input(device="fuzzed", point="occupancy", input=0),))
    table = {"kind": "modbus", "name": "fuzzed", "port": os.ttyname(theirs), "module": (module,), "parity": "N"}
    async with opened(Settings(**table, answer_within_s=HASTE_S)) as bus:
        for number in range(questions):
            await _counted(refused, _asked_of(bus, number))
    slave.rng = None
    async with opened(Settings(**table, answer_within_s=PATIENCE_S)) as bus:
        assert await bus.inputs(1, Span(0, 8)) == [True] * 8
    asyncio.get_running_loop().remove_reader(ours)


def _asked_of(bus: Bus, number: int) -> Callable[[], Awaitable[object]]:
    ask = bus.registers if number % 2 else bus.inputs
    return lambda: ask(1, Span(0, 8))


async def snmp(questions: int, seed: int, refused: Counter[str]) -> None:
    """Ask an agent whose answers are spoilt on the way, then unspoilt."""
    port = free_ports(1, SOCK_DGRAM)[0]
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "ricoh.snmprec"
        recording.write_text(RICOH.read_text(encoding="utf-8"), encoding="utf-8")
        tree = read_recording(recording)
    agent, engine, access = SnmpAgent(port, lambda: tree), SnmpEngine(), Access(community="public")
    await agent.open()
    async with Middleman.before(port, Random(seed)) as (man, spoilt_port):
        hasty, patient = [await target_at("127.0.0.1", spoilt_port, within) for within in (HASTE_S, PATIENCE_S)]
        for number in range(questions):
            session = Session(engine, hasty, access, (V2C, V1)[number % 2])
            await _counted(refused, _asked_with(session, number))
        man.rng = None
        for version in (V2C, V1):
            assert await Session(engine, patient, access, version).first(SERIAL_NUMBER) is not None
    engine.close_dispatcher()
    await agent.close()


def _asked_with(session: Session, number: int) -> Callable[[], Awaitable[object]]:
    match number % 3:
        case 0:
            return lambda: session.get([SYS_UPTIME])
        case 1:
            return lambda: session.walk(SERIAL_NUMBER)
        case _:
            return lambda: session.first(SERIAL_NUMBER)


async def _counted(refused: Counter[str], ask: Callable[[], Awaitable[object]]) -> None:
    try:
        await ask()
    except (FrameError, SnmpError) as error:
        refused[error.reason] += 1
    else:
        refused["(answered)"] += 1


async def fuzz(name: str, run: Callable[[int, int, Counter[str]], Awaitable[None]], questions: int, seed: int) -> bool:
    """Run one; whether nothing else came out."""
    refused: Counter[str] = Counter()
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context.get("exception")))
    began_s = time.perf_counter()
    await run(questions, seed, refused)
    said = ", ".join(f"{reason} {times}" for reason, times in refused.most_common())
    print(f"{name}: {questions} questions, {time.perf_counter() - began_s:.0f} s; {said}")
    if unhandled:
        print(f"{name}: {len(unhandled)} errors reached the event loop, the first: {unhandled[0]!r}")
    return not unhandled


async def both(questions: int, seed: int) -> bool:
    """Fuzz both wires."""
    held = [await fuzz("modbus", modbus, questions, seed), await fuzz("snmp", snmp, questions, seed)]
    return all(held)


def main() -> int:
    """Fuzz; the exit status."""
    parser = argparse.ArgumentParser(description="Answers the drivers' questions with garbage.")
    parser.add_argument("--questions", type=int, default=500, help="for each wire")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    return 0 if asyncio.run(both(chosen.questions, chosen.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
