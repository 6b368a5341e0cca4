"""What really happened in a stretch of time, summed as the product sums it.

Computed from plan and commands alone: no device, no message and no database has a part in it, so that it can judge
them. Responsible for sums. Refuses to compare (the tests do).
"""

from shigotoba_sim.truth.report import MfpTruth, SpaceTruth, Truth, truth_of

__all__ = ["MfpTruth", "SpaceTruth", "Truth", "truth_of"]
