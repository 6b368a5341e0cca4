"""Which faults come when: a pure function of the seed.

Several come at once: they are dealt to hands, each of which goes on to its next when it is done with one. Whatever is
done to one program is done by the same hand, so that no fault undoes another of its own kind.

Responsible for the order, the pauses and the lengths. Refuses to break anything.
"""

from __future__ import annotations

import enum
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
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

HANDS: Final = 6
SHORTEST_S: Final = 1.0
LONGEST_PAUSE_S: Final = 2.0
"""Pauses between faults are short on purpose: most faults come while the product still recovers from others."""


def one_round(seed: int) -> Sequence[Sequence[Fault]]:
    """Every kind of fault at every target, once; what each hand does, in order."""
    chance = random.Random(seed)
    return [list(_round(share, chance)) for share in _dealt(chance)]


def plan(seed: int, lasts_s: float) -> Sequence[Sequence[Fault]]:
    """The faults of a run of ``lasts_s`` seconds: each hand does all of its own once before it does any again."""
    chance = random.Random(seed)
    return [list(_for_a_while(share, chance, lasts_s)) for share in _dealt(chance)]


def _dealt(chance: random.Random) -> Sequence[Sequence[Target]]:
    """What is done to one program stays together; whoever has least to do gets the next."""
    by_name = defaultdict[str, list[Target]](list)
    for target in TARGETS:
        by_name[target.name].append(target)
    hands: list[list[Target]] = [[] for _ in range(HANDS)]
    for together in sorted(chance.sample(list(by_name.values()), len(by_name)), key=len, reverse=True):
        min(hands, key=len).extend(together)
    return hands


def _for_a_while(targets: Sequence[Target], chance: random.Random, lasts_s: float) -> Iterator[Fault]:
    passed_s = 0.0
    while True:
        for fault in _round(targets, chance):
            passed_s += fault.lasts_s + fault.then_s
            if passed_s > lasts_s:
                return
            yield fault


def _round(targets: Sequence[Target], chance: random.Random) -> Iterator[Fault]:
    for target in chance.sample(targets, len(targets)):
        lasts_s = chance.uniform(SHORTEST_S, target.longest_s) if target.longest_s else 0.0
        yield Fault(target.kind, target.name, round(lasts_s, 1), round(chance.uniform(0.0, LONGEST_PAUSE_S), 1))
