"""One broker's files and the program that runs it, whichever broker it is.

Responsible for what both kinds share: where the password files of the users are, and the port. Refuses to know either
broker's configuration language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shigotoba_standalone.brokers import embedded, mosquitto
from shigotoba_standalone.brokers.access import User
from shigotoba_standalone.brokers.choice import Kind
from shigotoba_standalone.brokers.passwords import password_file, write_hashes
from shigotoba_standalone.programs import Program


@dataclass(frozen=True)
class BrokerPlaces:
    """Where one broker lives.

    Attributes:
        name: Of the process, e.g. ``broker-upstream``.
        directory: Its configuration and what it persists.
        secrets: The users' password files.
        port: TCP, on 127.0.0.1.
    """

    name: str
    directory: Path
    secrets: Path
    port: int

    def password_file(self, user: str) -> Path:
        """The file with the password of ``user``."""
        return password_file(self.secrets, user)


def broker_program(kind: Kind, places: BrokerPlaces, users: Sequence[User]) -> Program:
    """Write the broker's configuration and hand back the program that runs it."""
    places.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashes = places.directory / "passwords"
    write_hashes(hashes, places.secrets, [user.name for user in users])
    make = mosquitto.program if kind is Kind.MOSQUITTO else embedded.program
    return make(places.name, places.directory, places.port, hashes, users)
