"""The readings that a load offers, and the batches they travel in.

Every sensor tells its state once a round, changed each time, so that nothing on the way can be spared. A round's
readings of one gateway are one batch, or several where they are many.

Responsible for content. Refuses to send (see ``run``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from shigotoba_wire.outbox import BATCH_READINGS
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch


class Parcel(msgspec.Struct, frozen=True):
    """A batch ready to be sent.

    Attributes:
        gateway: Whose it is.
        first_seq: Number of its first reading.
        count: Readings in it.
        payload: Its bytes.
    """

    gateway: str
    first_seq: int
    count: int
    payload: bytes


class Fleet:
    """Gateways ``load-001``, ``load-002`` ... that share ``sensors`` among them.

    Args:
        site: The site they belong to.
        gateways: How many.
        sensors: Devices that tell their occupancy.
        epoch: Name of this run's numbering.
    """

    def __init__(self, site: str, gateways: int, sensors: Sequence[str], epoch: str) -> None:
        self._site = site
        self._epoch = epoch
        self._sensors = {name_of(number): sensors[number::gateways] for number in range(gateways)}
        self._next_seq = dict.fromkeys(self._sensors, 1)

    @property
    def gateways(self) -> list[str]:
        """Their names."""
        return list(self._sensors)

    def round(self, number: int, at_ms: int) -> Iterator[Parcel]:
        """What all gateways have to say in round ``number``, at ``at_ms``."""
        occupied = number % 2 == 0
        for gateway, sensors in self._sensors.items():
            rest = iter(sensors)
            while part := tuple(islice(rest, BATCH_READINGS)):
                readings = tuple(Reading(device, "occupancy", occupied, at_ms) for device in part)
                yield self._parcel(gateway, readings)

    def _parcel(self, gateway: str, readings: tuple[Reading, ...]) -> Parcel:
        first_seq = self._next_seq[gateway]
        self._next_seq[gateway] += len(readings)
        batch = Batch(self._site, gateway, self._epoch, first_seq, readings)
        return Parcel(gateway, first_seq, len(readings), encode_batch(batch))


def name_of(number: int) -> str:
    """Identity of the gateway ``number``, from 0."""
    return f"load-{number + 1:03d}"
