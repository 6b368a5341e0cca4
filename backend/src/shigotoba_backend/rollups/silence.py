"""How long a device may be silent before its state is unknown.

Responsible for one rule, which rollups and read side share. The factor is the one that research/workplace.md section 5
("sensor truths") arrives at: a sensor that missed two keep-alives in a row is not to be trusted.
"""

from __future__ import annotations

from typing import Final

KEEP_ALIVES_KNOWN: Final = 2.5
"""A reading says something about this many keep-alive periods after it, and nothing beyond."""
