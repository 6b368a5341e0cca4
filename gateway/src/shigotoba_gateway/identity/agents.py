"""The users of the gateway's own broker: a password and topics of its own for each agent.

mosquitto_passwd hashes the passwords: it is given a file of mode 0600, never an argument. What an agent needs is its
password file; this device's own services are handed it by systemd.

Responsible for the broker's password file and access list, and for the agents' secrets. Refuses to run the broker.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.keeping import make_private
from shigotoba_wire.files import replace_file
from shigotoba_wire.readings import is_name
from shigotoba_wire.topics import HEALTH, local

SEARCH: Final = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/bin", "/usr/local/bin"])


@dataclass(frozen=True)
class LocalBroker:
    """Where the broker's files are.

    Attributes:
        directory: Of what the broker reads; it belongs to the broker's account.
        secrets: Of the passwords, one file per user.
    """

    directory: Path
    secrets: Path

    @property
    def passwords(self) -> Path:
        """User names and hashes, as mosquitto reads them."""
        return self.directory / "passwords"

    @property
    def access(self) -> Path:
        """Who may do what, as mosquitto reads it."""
        return self.directory / "acl"

    def secret(self, name: str) -> Path:
        """The file with the password of ``name``."""
        return self.secrets / name


def agent_rules(gateway: str, agent: str) -> list[str]:
    """An edge agent speaks and hears under its own name."""
    channel = local(gateway, agent)
    return [f"topic write {channel.up('#')}", f"topic read {channel.down('#')}", f"topic read {channel.up(HEALTH)}"]


def device_rules(filters: Sequence[str]) -> list[str]:
    """A program with topics of its own, such as zigbee2mqtt."""
    return [f"topic readwrite {each}" for each in filters]


GATEWAY_RULES: Final = ["topic readwrite #"]
"""The broker is there for the gateway."""


OWN_NAME: Final = "gateway"
"""Under this name systemd finds the gateway's own password, whatever the gateway is called."""


def add_gateway(broker: LocalBroker, gateway: str) -> None:
    """The gateway's own user."""
    secret = add_user(broker, gateway, GATEWAY_RULES)
    link = broker.secrets / OWN_NAME
    if link != secret:
        link.unlink(missing_ok=True)
        link.symlink_to(secret.name)


def add_user(broker: LocalBroker, name: str, rules: Sequence[str]) -> Path:
    """Gives ``name`` a password, if it has none, and its topics; the file with the password.

    Raises:
        IdentityError: The name cannot be one, or mosquitto_passwd is missing or fails.
    """
    if not is_name(name):
        raise IdentityError(f"{name!r} cannot be the name of an agent. Use letters, digits and - : . _")
    make_private(broker.secrets)
    if not broker.secret(name).exists():
        replace_file(broker.secret(name), f"{secrets.token_urlsafe(32)}\n".encode(), 0o600)
    password = broker.secret(name).read_text(encoding="ascii").strip()
    others = [line for line in _lines(broker.passwords) if line.split(":")[0] != name]
    _write(broker.passwords, [*others, _hashed(name, password)])
    _write_rules(broker, {**_rules(broker), name: list(rules)})
    return broker.secret(name)


def edge_settings(gateway: str, agent: str) -> str:
    """A first settings file for an edge agent on this device."""
    template = files("shigotoba_gateway.identity").joinpath("edge.toml.template").read_text(encoding="utf-8")
    # A JSON string is a TOML string too.
    return Template(template).substitute(gateway=json.dumps(gateway), agent=json.dumps(agent))


def write_edge_settings(path: Path, gateway: str, agent: str) -> None:
    """The first settings file, unless there is one."""
    if not path.exists():
        replace_file(path, edge_settings(gateway, agent).encode(), 0o644)


def add_agent(broker: LocalBroker, gateway: str, agent: str, settings: Path) -> None:
    """An edge agent on this device: the gateway's user and its own, and its first settings, which come last.

    Raises:
        IdentityError: As for ``add_user``.
    """
    add_gateway(broker, gateway)
    add_user(broker, agent, agent_rules(gateway, agent))
    write_edge_settings(settings, gateway, agent)


def remove_user(broker: LocalBroker, name: str) -> None:
    """Takes password and topics of ``name`` away.

    Raises:
        IdentityError: There is no such user.
    """
    known = _rules(broker)
    if name not in known:
        raise IdentityError(f"{name} is no user of the local broker. Known: {', '.join(sorted(known)) or 'none'}")
    _write(broker.passwords, [line for line in _lines(broker.passwords) if line.split(":")[0] != name])
    _write_rules(broker, {user: rules for user, rules in known.items() if user != name})
    broker.secret(name).unlink(missing_ok=True)


def users(broker: LocalBroker) -> dict[str, list[str]]:
    """Every user with its rules."""
    return _rules(broker)


def _hashed(name: str, password: str) -> str:
    tool = shutil.which("mosquitto_passwd", path=SEARCH)
    if tool is None:
        raise IdentityError("mosquitto_passwd is missing. Install the package mosquitto.")
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "passwords"
        replace_file(plain, f"{name}:{password}\n".encode(), 0o600)
        done = subprocess.run([tool, "-U", str(plain)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise IdentityError(f"mosquitto_passwd failed: {done.stderr.strip() or done.stdout.strip()}")
        return plain.read_text(encoding="ascii").strip()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _rules(broker: LocalBroker) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    user = ""
    for line in _lines(broker.access):
        if line.startswith("user "):
            user = line.removeprefix("user ")
            found[user] = []
        elif user and line.strip():
            found[user].append(line)
    return found


def _write_rules(broker: LocalBroker, rules: dict[str, list[str]]) -> None:
    blocks = [line for user, lines in sorted(rules.items()) for line in (f"user {user}", *lines, "")]
    _write(broker.access, blocks)


def _write(path: Path, lines: Sequence[str]) -> None:
    make_private(path.parent)
    replace_file(path, "".join(f"{line}\n" for line in lines).encode(), 0o600)
