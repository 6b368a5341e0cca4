"""The UDP socket under pysnmp: what its parser stumbles over is dropped here, not in the event loop.

pysnmp documents two kinds of errors for datagrams that are no SNMP; some, such as a primitive where a sequence should
be, raise others (found by ``bench/fuzz_wires.py``). Left alone, each would be a traceback in the log, and anybody who
can send to the port could write there as much as they like. The request that waits for a right answer times out.

Responsible for that. Refuses to know what is asked.
"""
# pysnmp ships no type information.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pysnmp.carrier.asyncio.dgram.udp import UdpAsyncioTransport
from pysnmp.hlapi.v3arch.asyncio import UdpTransportTarget

log = logging.getLogger(__name__)


class CarefulTransport(UdpAsyncioTransport):
    """A socket whose listener may stumble."""

    def register_callback(self, cbFun: Callable[..., None]) -> None:  # noqa: N803 (pysnmp's name)
        """Hand datagrams to pysnmp, and say once what it could not parse."""
        said = False

        def take(*datagram: Any) -> None:
            nonlocal said
            try:
                cbFun(*datagram)
            except Exception as error:
                if not said:
                    log.warning("a datagram that is no SNMP was dropped (%r); of more only `no_answer` tells", error)
                said = True

        super().register_callback(take)


class CarefulTarget(UdpTransportTarget):
    """An agent that is asked through such a socket."""

    PROTO_TRANSPORT = CarefulTransport
