"""How the gateway is doing, as one message for the backend.

Responsible for collecting the agents' health and the gateway's own numbers. Refuses to publish them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any

from shigotoba_gateway.spool import Spool
from shigotoba_wire.errors import Refusal
from shigotoba_wire.health import AgentHealth, GatewayHealth

Part = Callable[[], dict[str, Any]]
"""Fields of ``GatewayHealth`` that a part of the gateway fills in; ``problems`` of several parts are joined."""


class Pulse:
    """The gateway's state of health. Written by the intake, read by the hub.

    Attributes:
        parts: Who else has something to say.
        instance: Random name of this process.
    """

    def __init__(self, gateway: str, now_ms: Callable[[], int]) -> None:
        self._gateway = gateway
        self._now_ms = now_ms
        self._started_at_ms = now_ms()
        self._agents: dict[str, AgentHealth] = {}
        self._refused: Counter[str] = Counter()
        self.parts: list[Part] = []
        self.instance = secrets.token_hex(8)

    def note_agent(self, health: AgentHealth) -> None:
        """Keep an agent's latest health."""
        self._agents[health.agent] = health

    def count_refusal(self, reason: Refusal) -> None:
        """Count a message that could not be taken."""
        self._refused[reason.value] += 1

    def health(self, spool: Spool) -> GatewayHealth:
        """The state now."""
        outbox = spool.outbox
        with outbox.transaction():  # one moment for all numbers of the spool
            next_seq, waiting, set_aside = outbox.next_seq, outbox.waiting(), outbox.set_aside()
        said = [part() for part in self.parts]
        problems = tuple(problem for fields in said for problem in fields.pop("problems", ()))
        fields = {name: value for each in said for name, value in each.items()}
        return GatewayHealth(
            gateway=self._gateway,
            at_ms=self._now_ms(),
            started_at_ms=self._started_at_ms,
            epoch=outbox.epoch,
            next_seq=next_seq,
            waiting=waiting,
            set_aside=set_aside,
            refused=dict(self._refused),
            agents=tuple(self._agents[name] for name in sorted(self._agents)),
            problems=problems,
            instance=self.instance,
            **fields,
        )
