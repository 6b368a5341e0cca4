"""From an advertisement to the logbook: what every ``ble_*`` driver does with what its decoder says.

Responsible for counting what is not understood. Refuses to decode.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Logbook, Sighting


class Understood(msgspec.Struct, frozen=True):
    """An advertisement, decoded.

    Attributes:
        sighting: What it says.
        flaws: Why parts of it were left out, one word each.
    """

    sighting: Sighting
    flaws: tuple[str, ...] = ()


Understand = Callable[[Advert], Understood | None]
"""Decodes an advertisement; None if it is not of this protocol or nothing but a repeat. May raise ``FrameError``."""


def ear(understand: Understand, logbook: Logbook, report: Callable[[Sighting], None]) -> Callable[[Advert], None]:
    """What a radio is to call with each advertisement."""

    def hear(advert: Advert) -> None:
        try:
            understood = understand(advert)
        except FrameError as error:
            logbook.dropped(error.reason, device=advert.device)
            return
        if understood is None:
            return
        for flaw in understood.flaws:
            logbook.dropped(flaw, device=understood.sighting.device)
        report(understood.sighting)

    return hear
