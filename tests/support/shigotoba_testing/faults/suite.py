"""A run: a demo of its own, faults one after another, then the questions.

Responsible for the order of things and for saying what happened. Refuses to know how anything is broken.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shigotoba_testing.faults.acts import Acts
from shigotoba_testing.faults.bookers import Bookers
from shigotoba_testing.faults.device_clock import DeviceClock
from shigotoba_testing.faults.disks import Disks
from shigotoba_testing.faults.logs import log_answers
from shigotoba_testing.faults.plan import Fault
from shigotoba_testing.faults.promises import booking_answers
from shigotoba_testing.faults.relay import Relay
from shigotoba_testing.faults.repeats import Repeater
from shigotoba_testing.faults.verdict import Answer, answers, hush, settle
from shigotoba_testing.ports import free_port
from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

SETTLES_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found.

    Attributes:
        survived: How often each fault was met, by kind and target.
        answers: The questions afterwards.
    """

    survived: Counter[tuple[str, str]]
    answers: Sequence[Answer]

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
        bookers: People who use it meanwhile.
    """

    demo: Demo
    acts: Acts
    bookers: Bookers


@contextmanager
def product(home: Path, seed: int) -> Generator[Stage]:
    """A demo whose uplink can be cut and whose device's clock can be set, with people who book."""
    clock, disks = DeviceClock(home.with_name(f"{home.name}.clock")), Disks(home)
    prefix = disks.prefix if disks.small else ()
    demo = Demo(home, 0, free_port(), clock.environment(), prefix, log_style="json")
    assert demo.uplink_port is not None
    with Relay(demo.uplink_port, lambda: _broker_port(demo)) as relay:
        repeater, bookers = Repeater(demo, seed), Bookers(demo, seed)
        try:
            demo.start()
            disks.open(demo)
            repeater.start()
            bookers.start()
            yield Stage(demo, Acts(demo, relay, repeater, clock, disks), bookers)
        finally:
            bookers.stop()
            repeater.stop()
            demo.stop()


def run(stage: Stage, faults: Iterable[Fault], say: Callable[[str], None], wait: Callable[[float], None]) -> Report:
    """Break, let settle, ask."""
    demo = stage.demo
    until(lambda: any(gateway.received for gateway in demo.coverage().gateways), what="the first readings")
    survived = Counter[tuple[str, str]]()
    for fault in faults:
        if not stage.acts.can(fault):
            say(f"{fault.kind.value:<24} {fault.name:<16} not here: this machine does not let us mount a small disk")
            continue
        say(f"{fault.kind.value:<24} {fault.name:<16} {fault.lasts_s:>5.1f} s")
        stage.acts.do(fault)
        survived[fault.kind.value, fault.name] += 1
        wait(fault.then_s)
    stage.bookers.stop()
    say(f"{len(stage.bookers.promises)} bookings were promised, {stage.bookers.refused} wishes refused")
    until(lambda: "sim" in demo.pids(), what="the simulator")
    with hush(demo):
        settle(demo, SETTLES_WITHIN_S)
        return Report(survived, [*answers(demo), *booking_answers(demo, stage.bookers), *log_answers(demo)])


def _broker_port(demo: Demo) -> int:
    """The broker finds itself a port at every start of the demo."""
    settings = tomllib.loads((demo.home / "settings" / "backend.toml").read_text(encoding="utf-8"))
    return settings["broker"]["port"]
