"""Which faults come when: a pure function of the seed.

Responsible for the order, the pauses and the lengths. Refuses to break anything.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


class Kind(enum.Enum):
    """What is done."""

    KILL = "SIGKILL"
    PAUSE = "SIGSTOP"
    CUT = "link cut"
    STALL = "link silent"
    WIPE = "broker sessions wiped"
    RESTART = "orderly restart"
    FULL = "disk full"
    REPEAT = "repeated and reordered"
    JUMP = "clock jumped"


@dataclass(frozen=True, slots=True)
class Target:
    """What it is done to.

    Attributes:
        kind: What is done.
        name: A process of the demo, ``uplink``, or ``device``: the board with the edge agent and the gateway.
        longest_s: How long it may last at most; 0 for what happens in an instant.
    """

    kind: Kind
    name: str
    longest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a run.

    Attributes:
        kind: What is done.
        name: To which process or link.
        lasts_s: How long; 0 for what happens in an instant.
        then_s: Seconds from its end to the next fault.
    """

    kind: Kind
    name: str
    lasts_s: float
    then_s: float


_OURS: Final = ("edge", "gateway", "ingest", "rollup", "jobs", "api", "dashboard")
_BROKERS: Final = ("broker-local", "broker-upstream")

TARGETS: Final = (
    *(Target(Kind.KILL, name) for name in (*_OURS, *_BROKERS, "postgres")),
    *(Target(Kind.PAUSE, name, 8.0) for name in (*_OURS, *_BROKERS)),
    *(Target(Kind.WIPE, name) for name in _BROKERS),
    Target(Kind.RESTART, "postgres"),
    Target(Kind.CUT, "uplink", 10.0),
    Target(Kind.STALL, "uplink", 10.0),
    Target(Kind.FULL, "gateway", 6.0),
    Target(Kind.FULL, "edge", 6.0),
    *(Target(Kind.FULL, name, 6.0) for name in (*_BROKERS, "postgres")),
    Target(Kind.JUMP, "device", 5.0),
    Target(Kind.REPEAT, "uplink"),
)
"""Everything a run may do. The simulator is spared: it is the truth, not the product."""

SHORTEST_S: Final = 1.0
LONGEST_PAUSE_S: Final = 4.0
"""Pauses between faults are short on purpose: most faults come while the product still recovers from the one before."""


def plan(seed: int, lasts_s: float) -> Iterator[Fault]:
    """The faults of a run of ``lasts_s`` seconds, each kind and target once before any comes again."""
    chance = random.Random(seed)
    passed_s = 0.0
    while True:
        for target in chance.sample(TARGETS, len(TARGETS)):
            fault = _fault(target, chance)
            passed_s += fault.lasts_s + fault.then_s
            if passed_s > lasts_s:
                return
            yield fault


def _fault(target: Target, chance: random.Random) -> Fault:
    lasts_s = chance.uniform(SHORTEST_S, target.longest_s) if target.longest_s else 0.0
    return Fault(target.kind, target.name, round(lasts_s, 1), round(chance.uniform(0.0, LONGEST_PAUSE_S), 1))
