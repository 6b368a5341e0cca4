"""What the edge agent costs: processor, memory, start, and whether anything is lost on the way.

``python bench/edge_cost.py [--seconds 60]``: runs the agent as a process against 300 BLE sensors that speak every 30
seconds, 30 rockers and 10 printers read every minute (``edge_world.py``), with a real broker and somebody who sends
receipts. Prints shares of what is allowed (5 % of a core, 60 MB, nothing lost) and the processor time of importing the
agent as a ratio to that of bare Python. Keeps ``results/edge_cost.json``. How fast each decoder is: ``edge_codecs.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from socket import SOCK_DGRAM

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from ground.report import keep, percent

from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Running
from shigotoba_testing.waiting import until
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import READINGS, RECEIPTS, local_filter, parse_up

CORE_SHARE = 0.05
MEMORY_MB = 60
LOST = 0
USER = brokers.User("bench", may_write=["#"], may_read=["#"])
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
WARM_UP_S = 40.0
DRIVERS = ("ble_bthome", "enocean", "printer_snmp")
AGENT = "import shigotoba_edge.agent, shigotoba_edge.commands.run; from shigotoba_edge.drivers import load;"


class Gateway:
    """Takes in what the agent sends, counts it by point, sends receipts."""

    def __init__(self, broker: Broker) -> None:
        self._inbox = Inbox(broker, "gw-1", [local_filter("gw-1")])
        self._seen: set[tuple[str, int]] = set()
        self.points: Counter[str] = Counter()

    def take(self) -> bool:
        """Whatever has come within a moment; True, so that it may stand in a condition."""
        for delivery in self._inbox.take(100, within_s=0.2):
            channel, kind = parse_up(delivery.topic)
            if kind == READINGS:
                batch = decode_batch(delivery.payload)
                if (batch.epoch, batch.first_seq) not in self._seen:
                    self._seen.add((batch.epoch, batch.first_seq))
                    self.points.update(reading.point for reading in batch.readings)
                receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
                self._inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))
            self._inbox.acknowledge([delivery])
        return True

    def __enter__(self) -> Gateway:
        self._inbox.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._inbox.stop()


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the agent is looked at")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="shigotoba-bench-") as folder:
        measured = running_agent(Path(folder), seconds)
    measured |= {"imports": imports()}
    report(measured)
    print(f"kept in {keep('edge_cost', measured)}")


def running_agent(folder: Path, seconds: float) -> dict[str, object]:
    """The agent at work: its share of a core, its memory, what was sent and what arrived."""
    ports = free_ports(10, SOCK_DGRAM)
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(_broker(folder))
        world = stack.enter_context(_world(folder, ports))
        gateway = stack.enter_context(Gateway(broker))
        log = folder / "edge.log"
        agent = stack.enter_context(_agent(folder, broker, ports, log))
        until(lambda: gateway.take() and log.read_text().count(": listening") == len(DRIVERS), what=log.read_text())
        _tell(world)
        _take_for(gateway, WARM_UP_S)
        cpu_s, began_s = _cpu_s(agent.pid), time.monotonic()
        _take_for(gateway, seconds)
        share = (_cpu_s(agent.pid) - cpu_s) / (time.monotonic() - began_s)
        memory_mb = _resident_mb(agent.pid)
        _tell(world)
        assert world.stdout is not None
        sent = json.loads(world.stdout.readline())
        expected = {"occupancy": sent["adverts"], "button": sent["telegrams"]}
        with contextlib.suppress(AssertionError):
            until(lambda: gateway.take() and all(gateway.points[p] >= n for p, n in expected.items()), within_s=10)
        lost = {point: count - gateway.points[point] for point, count in expected.items()}
        return {"core_share": share, "memory_mb": memory_mb, "sent": sent, "lost": lost, "seconds": seconds}


@contextlib.contextmanager
def _broker(folder: Path) -> Iterator[Broker]:
    places = brokers.BrokerPlaces("broker", folder / "broker", folder / "secrets", free_ports(1)[0])
    running = Running(brokers.broker_program(brokers.choose(), places, [USER]), folder / "broker.log")
    running.wait_ready()
    try:
        yield Broker(HOST, places.port, USER.name, places.password_file(USER.name))
    finally:
        running.stop()


@contextlib.contextmanager
def _world(folder: Path, ports: list[int]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(Path(__file__).with_name("edge_world.py")), str(folder), *map(str, ports)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world:
        assert world.stdout is not None
        assert world.stdout.readline() == "ready\n"
        try:
            yield world
        finally:
            world.kill()


@contextlib.contextmanager
def _agent(folder: Path, broker: Broker, ports: list[int], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    printers = "".join(f'[[driver.printer]]\nhost = "127.0.0.1"\nport = {port}\n' for port in ports)
    settings = folder / "edge.toml"
    settings.write_text(
        f'agent = "edge-1"\ngateway = "gw-1"\noutbox = "{folder}/edge.sqlite"\n'
        f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\nusername = "{broker.username}"\n'
        f'password_file = "{broker.password_file}"\n[[driver]]\nkind = "ble_bthome"\nname = "ble"\n'
        f'[[driver]]\nkind = "enocean"\nname = "booths"\nport = "{folder}/tty"\n'
        f'[[driver]]\nkind = "printer_snmp"\nname = "printers"\npoll_every_s = 60.0\n{printers}',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "shigotoba_edge", "--settings", str(settings)]
    environment = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    with log.open("wb") as output, subprocess.Popen(command, stderr=output, env=environment) as agent:
        try:
            yield agent
        finally:
            agent.terminate()


def _tell(world: subprocess.Popen[str]) -> None:
    assert world.stdin is not None
    world.stdin.write("\n")
    world.stdin.flush()


def _take_for(gateway: Gateway, seconds: float) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        gateway.take()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def imports() -> dict[str, float]:
    """Processor time of importing the agent, and with its drivers, as ratios to bare Python's, itself included.

    pysnmp is loaded in a thread when its driver already runs; the last ratio has it as well.
    """
    loads = "".join(f"load({kind!r});" for kind in DRIVERS)
    bare_s = _import_s("pass")
    agent_s = _import_s(AGENT)
    drivers_s = _import_s(AGENT + loads)
    running_s = _import_s(f"{AGENT}{loads}import shigotoba_edge.drivers.printer_snmp.tour")
    return {
        "bare_s": bare_s,
        "agent_ratio": agent_s / bare_s,
        "agent_and_drivers_ratio": drivers_s / bare_s,
        "with_what_runs_load_ratio": running_s / bare_s,
    }


def _import_s(program: str, times: int = 5) -> float:
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(times))


def report(measured: dict[str, object]) -> None:
    """Ratios, for people."""
    share, memory_mb = float(str(measured["core_share"])), float(str(measured["memory_mb"]))
    print(f"processor  {percent(share / CORE_SHARE)} of the {percent(CORE_SHARE)} of a core allowed")
    print(f"memory     {percent(memory_mb / MEMORY_MB)} of the {MEMORY_MB} MB allowed")
    print(f"sent       {measured['sent']}, lost {measured['lost']} ({LOST} allowed)")
    for name, value in dict(measured["imports"]).items():
        print(f"{name:<24} {value:.2f}")


if __name__ == "__main__":
    main()
