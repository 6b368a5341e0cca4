"""Everything on the local broker that is not an agent: third-party sensors coming in, Home Assistant looking on.

Responsible for starting and stopping what the settings ask for. Refuses everything the parts do.
"""

from __future__ import annotations

from collections.abc import Callable

from shigotoba_gateway.intake import Listen
from shigotoba_gateway.pulse import Pulse
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.sidedoor import SideDoor
from shigotoba_gateway.thirdparty.discovery import HomeAssistant
from shigotoba_gateway.thirdparty.source import ThirdParty


class Neighbourhood:
    """What the settings ask for; nothing if they ask for nothing.

    Args:
        settings: The gateway's.
        door: The way in for what third-party sensors say.
        listeners: Whoever is told of readings that have been kept; Home Assistant joins them.
        now_ms: The clock, UTC milliseconds.

    Raises:
        SettingsError: A mapping file is wrong.
    """

    def __init__(
        self, settings: GatewaySettings, door: SideDoor, listeners: list[Listen], now_ms: Callable[[], int]
    ) -> None:
        local, gateway = settings.local, settings.gateway
        self._third_party: ThirdParty | None = None
        self._home_assistant: HomeAssistant | None = None
        if settings.third_party is not None:
            self._third_party = ThirdParty(settings.third_party, local, gateway, door.keep, now_ms)
        if settings.home_assistant is not None:
            self._home_assistant = HomeAssistant(settings.home_assistant, local, gateway, now_ms)
            listeners.append(self._home_assistant.note)

    def start(self) -> None:
        """Begin."""
        for part in (self._home_assistant, self._third_party):
            if part is not None:
                part.start()

    def stop(self) -> None:
        """End; what was taken in is on disk."""
        for part in (self._third_party, self._home_assistant):
            if part is not None:
                part.stop()

    def report(self, pulse: Pulse) -> None:
        """Tell how the third-party sensors are."""
        if self._third_party is not None:
            pulse.note_agent(self._third_party.health())
