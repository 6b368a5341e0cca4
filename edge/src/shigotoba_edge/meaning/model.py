"""A model of sensor: what its words mean, as data.

A seat sensor that says occupied or vacant itself, and says it again with every heartbeat, needs no model: the backend's
rule (what a reading says holds for 2.5 keep-alives, then nothing is known) is exact for it. A model is for the others:
a motion sensor, a contact, a seat whose pressure flickers.

Responsible for the shape and for limits that make sense. Refuses to apply it (see ``presence``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

import msgspec

REACH: Final = 2.5
"""Keep-alives after which a silent sensor is unknown; the backend's rule uses the same number."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ``[[model]]`` table.

    Attributes:
        name: For people.
        devices: Identities of the sensors of this model.
        source: The point that tells of people; of a contact, that it is closed.
        hold_s: So long after the last sign of somebody the place counts as occupied.
        keep_alive_s: How long the sensor is silent at most while it is well.
        dead_after_s: So long after its last word nothing is known; 0 for 2.5 keep-alives, never less.
        pulse: A sign is a moment, not a state that lasts until the sensor says otherwise.
    """

    name: str
    devices: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    keep_alive_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)]
    source: Literal["occupancy", "motion", "contact"] = "occupancy"
    hold_s: Seconds = 0.0
    dead_after_s: Annotated[float, msgspec.Meta(ge=0, le=604_800)] = 0.0
    pulse: bool = False

    @property
    def hold_ms(self) -> int:
        """The hold time, in milliseconds."""
        return round(self.hold_s * 1000)

    @property
    def reach_ms(self) -> int:
        """How long a word of the sensor reaches, in milliseconds."""
        return round(max(self.dead_after_s, REACH * self.keep_alive_s) * 1000)

    def flaws(self) -> Iterator[tuple[str, str]]:
        """What is wrong with it: key and sentence."""
        least_s = REACH * self.keep_alive_s
        if 0 < self.dead_after_s < least_s:
            yield (
                "dead_after_s",
                f"{self.dead_after_s:g} is less than {REACH:g} keep-alives. Use {least_s:g} or more.",
            )
        if self.pulse and not self.hold_s:
            yield "pulse", "a pulse without hold_s would never occupy anything. Say how long a sign counts."
