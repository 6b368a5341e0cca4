"""What of the gateway faces people and systemd: notice board, certificate, the commands about both.

Responsible for gathering a report from the running parts. Refuses to know the parts themselves: it is handed what it
may ask.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.renewal import Renewal
from shigotoba_gateway.orders import Carry, OrderError
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.status.board import Board, boot_s
from shigotoba_gateway.status.report import Report, Way
from shigotoba_wire.commands import Command, CommandKind
from shigotoba_wire.health import GatewayHealth
from shigotoba_wire.settings import Broker
from shigotoba_wire.sight import Sight


class Views(NamedTuple):
    """What the front may ask of the gateway.

    Attributes:
        upstream: How the way to the platform looks.
        local: Whether the local broker can be reached, and why not.
        health: What the platform is told.
        now_ms: The gateway's clock.
    """

    upstream: Callable[[], Sight]
    local: Callable[[], tuple[bool, str]]
    health: Callable[[], GatewayHealth]
    now_ms: Callable[[], int]


class Front:
    """The gateway as others see it. Start it once; stop it once.

    Args:
        settings: Of the gateway.
        views: What it may ask.
        turned_away: Whether the platform listens to another machine.
        on_identity: Called when another certificate is in force.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        views: Views,
        turned_away: Callable[[], bool],
        on_identity: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._views = views
        self._renewal = Renewal(settings.identity, self._now, turned_away) if settings.identity else None
        if self._renewal:
            self._renewal.on_change = on_identity
        self._board = Board(settings.status, settings.site, settings.gateway, self._look)
        self.alive = self._board.notifier.alive
        self.health: Callable[[], dict[str, Any]] = self._board.health

    def start(self) -> None:
        """Show the gateway; it takes in by now."""
        if self._renewal:
            self._renewal.start()
        self._board.start()

    def stop(self) -> None:
        """Show it no more."""
        self._board.stop()
        if self._renewal:
            self._renewal.stop()

    def orders(self) -> Mapping[CommandKind, Carry]:
        """What it carries out for the platform."""
        return {
            CommandKind.IDENTIFY: lambda _command: self._board.identify(),
            CommandKind.ROTATE_CERTIFICATE: self._rotate,
        }

    def _rotate(self, _command: Command) -> str:
        if self._renewal is None:
            raise OrderError("this gateway has no certificate; it uses a password")
        try:
            return self._renewal.rotate()
        except (IdentityError, OSError) as error:
            raise OrderError(str(error)) from error

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._views.now_ms() / 1000, UTC)

    def _look(self) -> Report:
        connected, trouble = self._views.local()
        return Report(
            at_ms=self._views.now_ms(),
            boot_s=boot_s(),
            pid=os.getpid(),
            site=self._settings.site,
            upstream=way_of(self._views.upstream(), self._settings.upstream, time.monotonic()),
            local=Way(_address(self._settings.local), connected, trouble),
            health=self._views.health(),
            identity=self._renewal.standing() if self._renewal else None,
        )


def way_of(sight: Sight, broker: Broker, now_s: float) -> Way:
    """The courier's sight as a way, at ``now_s`` monotonic seconds."""

    def ago(at_s: float | None) -> float:
        return 0.0 if at_s is None else now_s - at_s

    return Way(
        _address(broker),
        sight.connected,
        sight.trouble,
        tuple(sorted(sight.denied)),
        confirmed_s_ago=None if sight.receipt_at_s is None else ago(sight.receipt_at_s),
        unanswered_s=ago(sight.unanswered_since_s),
        heard_itself=sight.echoed_at_s is not None,
        up_s=ago(sight.connected_at_s),
    )


def _address(broker: Broker) -> str:
    return f"{broker.host}:{broker.port}"
