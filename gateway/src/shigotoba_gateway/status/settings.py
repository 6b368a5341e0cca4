"""The part of the gateway's settings that is about its status, ``[status]``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec


class StatusSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the status is shown.

    Attributes:
        file: Written every two seconds; put it into memory (``/run``), not onto the card.
        page_host: Address of the page; empty for no page.
        page_port: TCP port of the page.
        led: Name of the light, such as ``ACT``; empty for none.
        leds: Directory of the lights.
        announce: Whether to tell the network our name (mDNS); needs a page.
    """

    file: Path
    page_host: str = ""
    page_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8780
    led: str = ""
    leds: Path = Path("/sys/class/leds")
    announce: bool = False
