"""Where printers are, what opens them, and how often they are asked.

Responsible for these data. Refuses to ask: whoever reads settings need not load an SNMP library.
"""

from __future__ import annotations

from dataclasses import dataclass

from shigotoba_edge.drivers.printer_snmp.access import Access


@dataclass(frozen=True)
class Address:
    """Where a printer is, and what opens it.

    Attributes:
        host: Name or IPv4 address.
        port: UDP port.
        access: Holds secrets, which are never part of a log line.
    """

    host: str
    port: int
    access: Access

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Pace:
    """How often a printer is asked.

    Attributes:
        every_s: Seconds between visits.
        rarest_s: Seconds between visits in the end, when it does not answer.
        answer_within_s: How long it may take to answer a request.
    """

    every_s: float
    rarest_s: float
    answer_within_s: float
