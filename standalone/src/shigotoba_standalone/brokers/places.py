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
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.programs import Program


@dataclass(frozen=True)
class TlsDoor:
    """A second port, over TLS, where one is known by the common name of one's certificate.

    Attributes:
        port: TCP, on 127.0.0.1.
        papers: Directory with ``ca.pem`` (whom it trusts), ``broker.pem`` and ``broker.key`` (its own).
    """

    port: int
    papers: Path


@dataclass(frozen=True)
class BrokerPlaces:
    """Where one broker lives.

    Attributes:
        name: Of the process, e.g. ``broker-upstream``.
        directory: Its configuration and what it persists.
        secrets: The users' password files.
        port: TCP, on 127.0.0.1.
        tls: Another port, over TLS; mosquitto alone has it.
    """

    name: str
    directory: Path
    secrets: Path
    port: int
    tls: TlsDoor | None = None

    def password_file(self, user: str) -> Path:
        """The file with the password of ``user``."""
        return password_file(self.secrets, user)


def broker_program(kind: Kind, places: BrokerPlaces, users: Sequence[User]) -> Program:
    """Write the broker's configuration and hand back the program that runs it.

    Raises:
        StandaloneError: The broker is not here, or is to speak TLS and cannot.
    """
    places.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashes = places.directory / "passwords"
    write_hashes(hashes, places.secrets, [user.name for user in users])
    if places.tls is None:
        make = mosquitto.program if kind is Kind.MOSQUITTO else embedded.program
        return make(places.name, places.directory, places.port, hashes, users)
    if kind is not Kind.MOSQUITTO:
        raise StandaloneError("certificates at the broker need mosquitto. Install the package mosquitto.")
    door = mosquitto.tls_listener(places.tls.port, places.tls.papers)
    return mosquitto.program(places.name, places.directory, places.port, hashes, users, door)
