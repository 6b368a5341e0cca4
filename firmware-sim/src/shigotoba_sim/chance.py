"""Chance that can be asked again: every decision draws from a generator named by what is decided.

Two decisions never share a generator, so adding one moves no other, and a day can be computed without the days before
it. Responsible for naming generators and for the few distributions people need. Refuses to be a source of secrets.
"""

from __future__ import annotations

import math
import random


class Chance(random.Random):
    """A generator for one decision, from its name."""

    def spread(self, middle: float, sigma: float, least: float, most: float) -> float:
        """A value around ``middle``, normally distributed, kept within ``least`` and ``most``."""
        return min(max(self.gauss(middle, sigma), least), most)

    def long_tailed(self, median: float, sigma: float, least: float, most: float) -> float:
        """A positive value, log-normal around ``median``, kept within ``least`` and ``most``."""
        return min(max(median * math.exp(self.gauss(0.0, sigma)), least), most)

    def happens(self, probability: float) -> bool:
        """True in ``probability`` of all cases."""
        return self.random() < probability

    def number_of(self, mean: float) -> int:
        """How often something with ``mean`` expected occurrences happens (Poisson; Knuth's product of uniforms)."""
        threshold, product, number = math.exp(-mean), self.random(), 0
        while product > threshold:
            product *= self.random()
            number += 1
        return number


def chance_of(*name: object) -> Chance:
    """The generator of the decision ``name``; the same name gives the same draws on every machine."""
    return Chance("/".join(str(part) for part in name))
