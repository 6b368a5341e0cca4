"""What the backend asks of a gateway: retained, versioned, answered in the gateway's health.

Responsible for the message. Refuses to apply it (see the gateway).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from shigotoba_wire.decoding import decode_message


class DesiredConfig(msgspec.Struct, frozen=True):
    """The configuration a gateway should have.

    Attributes:
        version: Rises with each change; a gateway never goes back to a lower one.
        health_every_s: How often the gateway publishes its health, 1 to 3600 seconds.
    """

    version: Annotated[int, msgspec.Meta(ge=1)]
    health_every_s: Annotated[float, msgspec.Meta(ge=1.0, le=3600.0)] = 10.0


def encode_config(config: DesiredConfig) -> bytes:
    """The configuration as JSON."""
    return msgspec.json.encode(config)


def decode_config(payload: bytes) -> DesiredConfig:
    """The configuration in ``payload``.

    Raises:
        MessageError: It is none, or a value is out of range.
    """
    return decode_message(payload, DesiredConfig)
