"""A run: a demo of its own, faults of several hands at once, then the questions.

Responsible for the order of things and for saying what happened. Refuses to know how anything is broken.
"""

from __future__ import annotations

import itertools
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shigotoba_standalone import brokers
from shigotoba_standalone.demo.ground import GATEWAY
from shigotoba_testing.authority import uplink_papers
from shigotoba_testing.faults.acts import Acts
from shigotoba_testing.faults.bookers import Bookers
from shigotoba_testing.faults.device_clock import DeviceClock
from shigotoba_testing.faults.disks import Disks
from shigotoba_testing.faults.logs import log_answers
from shigotoba_testing.faults.plan import Fault
from shigotoba_testing.faults.promises import booking_answers
from shigotoba_testing.faults.relay import Relay
from shigotoba_testing.faults.repeats import Repeater
from shigotoba_testing.faults.truth import Broken, is_heard, truth_answers
from shigotoba_testing.faults.verdict import Answer, answers, hush, rollup_answers, settle
from shigotoba_testing.faults.visitors import Visitors
from shigotoba_testing.ports import free_port
from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

SETTLES_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found.

    Attributes:
        broken: Every fault that was met.
        answers: The questions afterwards.
    """

    broken: Sequence[Broken]
    answers: Sequence[Answer]

    @property
    def survived(self) -> Counter[tuple[str, str]]:
        """How often each fault was met, by kind and target."""
        return Counter((each.fault.kind.value, each.fault.name) for each in self.broken)

    @property
    def good(self) -> bool:
        """Whether every answer is as it ought to be."""
        return all(answer.good for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a run plays on.

    Attributes:
        demo: The product.
        acts: What can be done to it.
        bookers: People who book booths meanwhile.
        visitors: People who come, press and print meanwhile.
    """

    demo: Demo
    acts: Acts
    bookers: Bookers
    visitors: Visitors


@contextmanager
def product(home: Path, seed: int) -> Generator[Stage]:
    """A demo whose uplink can be cut and whose device's clock can be set, with people who book.

    Its gateway reaches the platform over TLS with a certificate of its own, as it does in an office, wherever there is
    a broker that knows certificates.
    """
    clock, disks = DeviceClock(home.with_name(f"{home.name}.clock")), Disks(home)
    prefix = disks.prefix if disks.small else ()
    real = brokers.choose() is brokers.Kind.MOSQUITTO
    papers = uplink_papers(home.with_name(f"{home.name}.papers"), GATEWAY) if real else None
    demo = Demo(home, 0, free_port(), clock.environment(), prefix, log_style="json", uplink_tls=papers)
    assert demo.uplink_port is not None
    with Relay(demo.uplink_port, lambda: _broker_port(demo, disks)) as relay:
        repeater, bookers, visitors = Repeater(demo, seed), Bookers(demo, seed), Visitors(demo, seed)
        try:
            demo.start()
            disks.open(demo)
            repeater.start()
            bookers.start()
            yield Stage(demo, Acts(demo, relay, repeater, clock, disks), bookers, visitors)
        finally:
            visitors.stop()
            bookers.stop()
            repeater.stop()
            demo.stop()


def run(stage: Stage, hands: Sequence[Iterable[Fault]], within_s: float, say: Callable[[str], None]) -> Report:
    """Break, let settle, ask; on a machine that is slow to come back no fault begins after ``within_s`` seconds."""
    ends_s = time.monotonic() + within_s
    in_time = [itertools.takewhile(lambda _: time.monotonic() < ends_s, faults) for faults in hands]
    broken = break_it(stage, in_time, say)
    with settled(stage.demo):
        return Report(broken, ask(stage, broken))


def break_it(stage: Stage, hands: Sequence[Iterable[Fault]], say: Callable[[str], None]) -> Sequence[Broken]:
    """All faults of all hands, while people use the product."""
    until(lambda: is_heard(stage.demo), what="the first word of a sensor")
    stage.visitors.start()
    with ThreadPoolExecutor(len(hands)) as pool:
        met = list(pool.map(lambda faults: list(_meet(stage.acts, faults, say)), hands))
    stage.visitors.stop()
    stage.bookers.stop()
    say(f"{len(stage.bookers.promises)} bookings were promised, {stage.bookers.refused} wishes refused")
    return [each for hand in met for each in hand]


@contextmanager
def settled(demo: Demo) -> Generator[None]:
    """All is well again, all that was under way has arrived, and the building stands still."""
    until(lambda: "sim" in demo.pids(), what="the simulator")
    with hush(demo):
        settle(demo, SETTLES_WITHIN_S)
        yield


def ask(stage: Stage, broken: Sequence[Broken]) -> Sequence[Answer]:
    """Every question."""
    demo = stage.demo
    return [
        *truth_answers(demo, broken),
        *answers(demo),
        *rollup_answers(demo),
        *booking_answers(demo, stage.bookers),
        *log_answers(demo),
    ]


def _meet(acts: Acts, faults: Iterable[Fault], say: Callable[[str], None]) -> Generator[Broken]:
    """One hand's faults, one after the other."""
    for fault in faults:
        if not acts.can(fault):
            say(f"{fault.kind.value:<24} {fault.name:<16} not here: this machine does not let us mount a small disk")
            continue
        say(f"{fault.kind.value:<24} {fault.name:<16} {fault.lasts_s:>5.1f} s")
        began_ms = _now_ms()
        acts.do(fault)
        yield Broken(fault, began_ms, _now_ms())
        time.sleep(fault.then_s)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _broker_port(demo: Demo, disks: Disks) -> int:
    """Where gateways connect; the broker finds itself ports at every start of the demo."""
    if demo.uplink_tls is None:
        settings = tomllib.loads((demo.home / "settings" / "backend.toml").read_text(encoding="utf-8"))
        return settings["broker"]["port"]
    said = disks.seen(demo, demo.home / "brokers" / "upstream" / "mosquitto.conf").read_text(encoding="utf-8")
    return int(re.findall(r"^listener (\d+)", said, re.MULTILINE)[-1])
