"""What a scenario does to the running programs: power cuts, cut links, restarts, a clock that is wrong.

Responsible for carrying out marks. Refuses to know where they come from: a file of JSON lines is all it reads.
"""

from __future__ import annotations

from shigotoba_standalone.acts.marks import Mark, read_marks
from shigotoba_standalone.acts.relay import Relay
from shigotoba_standalone.acts.runner import Runner

__all__ = ["Mark", "Relay", "Runner", "read_marks"]
