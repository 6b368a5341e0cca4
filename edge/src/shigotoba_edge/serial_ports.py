"""What to tell a person about a serial port that cannot be used.

The same exception text may mean an unplugged stick or a second program (research/edge.md section 9, failure 12), so the
number behind it is looked at.

Responsible for the sentence. Refuses to open ports.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

_REMEDIES: Final = {
    errno.ENOENT: "is not there. Plug it in, or correct `port`.",
    errno.ENODEV: "is not there. Plug it in, or correct `port`.",
    errno.ENXIO: "is not there. Plug it in, or correct `port`.",
    errno.EACCES: "may not be opened by this account. Put it into the group dialout.",
    errno.EPERM: "may not be opened by this account. Put it into the group dialout.",
    errno.EBUSY: "is in use by another program. End that program.",
    errno.EAGAIN: "is in use by another program. End that program.",
    errno.ENOTTY: "is no serial port. Correct `port`.",
}


def trouble(port: str, error: Exception) -> str:
    """A sentence with the remedy for what opening or reading ``port`` raised."""
    number = error.errno if isinstance(error, OSError) else None
    if number not in _REMEDIES and not Path(port).exists():
        number = errno.ENOENT
    if number in _REMEDIES:
        # The number's own words: those of the exception say port and number once more.
        return f"{port} {_REMEDIES[number]} ({os.strerror(number)})"
    return f"{port} has failed ({error}). Unplug it and plug it in again."
