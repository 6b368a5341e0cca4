"""The configuration this gateway should have: put in force or refused, and either way reported.

Responsible for which version is in force, also over restarts. Refuses to know what the numbers do.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from shigotoba_gateway.spool import Spool
from shigotoba_wire.downlink import DesiredConfig, decode_config, encode_config
from shigotoba_wire.errors import MessageError
from shigotoba_wire.health import ConfigRefusal

log = logging.getLogger(__name__)

KEPT_AS = "config"


class _Numbered(msgspec.Struct):
    version: int = 0


class Configuration:
    """The configuration in force.

    Attributes:
        desired: What is in force; None before the first.
        refused: The last one, if it was refused.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        kept = spool.kept(KEPT_AS)
        self.desired: DesiredConfig | None = None if kept is None else decode_config(kept)
        self.refused: ConfigRefusal | None = None

    @property
    def health_every_s(self) -> float:
        """How often to publish health, as configured or by default."""
        return (self.desired or DesiredConfig(version=1)).health_every_s

    def take(self, payload: bytes) -> None:
        """Put a desired configuration in force, or note why not."""
        try:
            config = decode_config(payload)
        except MessageError as error:
            self.refused = ConfigRefusal(_version_in(payload), error.detail)
            log.warning("configuration %d was refused: %s", self.refused.version, error)
            return
        self.refused = self._refusal_of(config)
        if self.desired is None or config.version > self.desired.version:
            self._spool.put(KEPT_AS, encode_config(config))
            self.desired = config
            log.info("configuration %d is in force", config.version)

    def health(self) -> dict[str, Any]:
        """For the gateway's health."""
        return {"config_version": self.desired.version if self.desired else 0, "config_refused": self.refused}

    def _refusal_of(self, config: DesiredConfig) -> ConfigRefusal | None:
        if self.desired is None or config.version >= self.desired.version:
            return None
        return ConfigRefusal(config.version, f"version {self.desired.version} is in force and higher")


def _version_in(payload: bytes) -> int:
    """The version a configuration names, as far as it can be read; 0 if not."""
    try:
        return msgspec.json.decode(payload, type=_Numbered).version
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
