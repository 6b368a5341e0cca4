"""How settings files are read, for processes that know the backend and not the wire (see ``shigotoba_wire.settings``).

Responsible for nothing of its own. Refuses to differ from what every other process does.
"""

from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import complain

__all__ = ["SettingsError", "complain", "read_settings"]
