"""The accounts under which the building's people use the product, and the file in which their tokens are.

Somebody on the roll has a login made of the number; nobody has a name. Whoever keeps a post round the clock uses the
account of somebody on the roll. Responsible for that list and for reading the tokens. Refuses to make accounts: that is
the product's affair (``python -m shigotoba_backend account demo``).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from shigotoba_sim.people.staff import Roll, staff
from shigotoba_wire.errors import SettingsError


class Account(msgspec.Struct, frozen=True):
    """A login and what the screens call its person."""

    login: str
    name: str


def accounts_of(roll: Roll) -> list[Account]:
    """One for everybody on the roll."""
    return [Account(login_of(roll, each.number), f"職員{each.number + 1:03d}") for each in staff(roll)]


def login_of(roll: Roll, person: int) -> str:
    """The login of ``person``, on the roll or of the crew."""
    return f"staff-{person % len(staff(roll)) + 1:03d}"


def read_tokens(path: Path) -> dict[str, str]:
    """The token of each login.

    Raises:
        SettingsError: The file cannot be read or is not one of tokens.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}). `account demo --tokens` writes it.") from error
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{path}: not a file of tokens ({error}). Remove it and start again.") from error
