"""How lines of the log are told, for processes that know the backend and not the wire (see ``shigotoba_wire.logs``).

Responsible for nothing of its own. Refuses to differ from what every other process does.
"""

from shigotoba_wire.logs import LogSettings, begin

__all__ = ["LogSettings", "begin"]
