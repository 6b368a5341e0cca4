"""The block ``[webhooks]`` of the backend's settings."""

from __future__ import annotations

import msgspec


class WebhookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where webhooks may go.

    Attributes:
        private_hosts: Names of hosts that may be called although their address is not public, and with plain HTTP.
    """

    private_hosts: list[str] = []
