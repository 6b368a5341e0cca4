"""Which of the boxes on this ceiling is it? Its light blinks.

Linux shows each light as a folder with a ``trigger`` that says what it follows (Documentation/leds/leds-class.rst); a
Raspberry Pi calls its green one ACT, older ones led0. Writing ``timer`` makes it blink; writing back what it followed
before ends that.

Responsible for the light. Refuses to fail where there is none: it says so.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

from shigotoba_edge.orders import OrderError

LEDS: Final = Path("/sys/class/leds")
NAMES: Final = ("ACT", "led0")
BLINK_S: Final = 30.0

_FOLLOWED = re.compile(r"\[(.+?)\]")


async def blink(leds: Path = LEDS, for_s: float = BLINK_S) -> None:
    """Let the box's light blink for a while.

    Raises:
        OrderError: It has none, or it may not be switched here.
    """
    trigger = next((leds / name / "trigger" for name in NAMES if (leds / name / "trigger").exists()), None)
    if trigger is None:
        raise OrderError(f"this machine has no light called {' or '.join(NAMES)}")
    try:
        followed = _FOLLOWED.search(trigger.read_text(encoding="ascii"))
        trigger.write_text("timer", encoding="ascii")
        await asyncio.sleep(for_s)
        trigger.write_text(followed.group(1) if followed else "none", encoding="ascii")
    except OSError as error:
        raise OrderError(f"the light may not be switched here ({error.strerror})") from error
