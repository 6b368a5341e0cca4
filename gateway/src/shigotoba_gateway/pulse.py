"""How the gateway is doing, as one message for the backend.

Responsible for collecting the agents' health and the gateway's own numbers. Refuses to publish them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from shigotoba_gateway.spool import Spool
from shigotoba_wire.downlink import DesiredConfig
from shigotoba_wire.errors import Refusal
from shigotoba_wire.health import AgentHealth, GatewayHealth


class Pulse:
    """The gateway's state of health. Written by the intake and the downlink, read by the hub.

    Attributes:
        desired: The configuration in force.
    """

    def __init__(self, gateway: str, now_ms: Callable[[], int], desired: DesiredConfig | None) -> None:
        self._gateway = gateway
        self._now_ms = now_ms
        self._started_at_ms = now_ms()
        self._agents: dict[str, AgentHealth] = {}
        self._refused: Counter[str] = Counter()
        self.desired = desired

    @property
    def health_every_s(self) -> float:
        """How often to publish, as configured or by default."""
        return (self.desired or DesiredConfig(version=1)).health_every_s

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
        return GatewayHealth(
            gateway=self._gateway,
            at_ms=self._now_ms(),
            started_at_ms=self._started_at_ms,
            epoch=outbox.epoch,
            next_seq=next_seq,
            waiting=waiting,
            set_aside=set_aside,
            refused=dict(self._refused),
            config_version=self.desired.version if self.desired else 0,
            agents=tuple(self._agents[name] for name in sorted(self._agents)),
        )
