"""The embedded broker as a program of ours: its settings file and its command.

Responsible for writing what ``embedded_process`` reads. Refuses to import amqtt: that belongs to the process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from shigotoba_standalone.brokers.access import User
from shigotoba_standalone.brokers.passwords import write_private
from shigotoba_standalone.ports import HOST, answers
from shigotoba_standalone.programs import Program


def program(name: str, directory: Path, port: int, hashes: Path, users: Sequence[User]) -> Program:
    """Write the settings into ``directory``; the program that uses them."""
    settings = directory / "amqtt.toml"
    write_private(settings, _settings(port, hashes, users))
    command = [sys.executable, "-m", "shigotoba_standalone", "amqtt-broker", "--settings", str(settings)]
    return Program(name, command, ready=partial(answers, port))


def _settings(port: int, hashes: Path, users: Sequence[User]) -> str:
    """TOML; a JSON string or list of strings is valid TOML too."""
    head = [f"host = {json.dumps(HOST)}", f"port = {port}", f"password_file = {json.dumps(str(hashes))}"]
    return "\n".join([*head, *(line for user in users for line in _block(user)), ""])


def _block(user: User) -> list[str]:
    return [
        "",
        "[[user]]",
        f"name = {json.dumps(user.name)}",
        f"may_write = {json.dumps(list(user.may_write))}",
        f"may_read = {json.dumps(list(user.may_read))}",
    ]
