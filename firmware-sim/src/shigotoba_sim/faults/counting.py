"""What a printer's counters show when something has happened to them.

The counters of ``plan`` are what was really printed. A register that was reset, swapped or is near its end shows
something else. Responsible for that arithmetic. Refuses to change what was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from shigotoba_sim.plan.counters import Counters, astuple, base_of

CountersAt = Callable[[str, int], Counters]
"""What a printer has really counted at an instant, UTC milliseconds."""


class Registers(Counters, frozen=True, gc=False):
    """Counters kept in registers that run over at ``modulus``, the sums as well as the single ones."""

    modulus: int = 2**32

    @property
    def impressions_print(self) -> int:
        """Sides printed from computers."""
        return (self.print_mono + self.print_colour) % self.modulus

    @property
    def impressions_copy(self) -> int:
        """Sides copied."""
        return (self.copy_mono + self.copy_colour) % self.modulus

    @property
    def impressions_total(self) -> int:
        """Sides marked, all functions together."""
        return (self.impressions_print + self.impressions_copy + self.fax_print + self.other) % self.modulus


class Restart(msgspec.Struct, frozen=True):
    """From ``at_ms`` on the printer counts from ``first`` instead of going on."""

    at_ms: int
    first: Counters


class Wrap(msgspec.Struct, frozen=True):
    """At ``at_ms`` every register runs over ``modulus``."""

    at_ms: int
    modulus: int


def shown(device: str, at_ms: int, real: CountersAt, restarts: Sequence[Restart], wrap: Wrap | None) -> Counters:
    """What the counters of ``device`` show at ``at_ms``; the last restart counts, without one a wrap does."""
    last = max((each for each in restarts if each.at_ms <= at_ms), key=lambda each: each.at_ms, default=None)
    if last is not None:
        return last.first + (real(device, at_ms) - real(device, last.at_ms - 1))
    if wrap is not None:
        return _wrapped(real(device, at_ms) - real(device, wrap.at_ms - 1), wrap.modulus)
    return real(device, at_ms)


def new_printer(at_ms: int, serial: str) -> Restart:
    """A printer with counts of its own is switched on."""
    return Restart(at_ms, base_of(serial))


def _wrapped(since: Counters, modulus: int) -> Registers:
    return Registers(*(count % modulus for count in astuple(since)), modulus=modulus)
