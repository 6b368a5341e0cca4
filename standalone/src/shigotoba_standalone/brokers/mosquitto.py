"""Mosquitto 2.0 and 2.1: its configuration and its program.

Responsible for mosquitto.conf(5). Refuses settings that only one of the two versions knows.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from shigotoba_standalone.brokers.access import User
from shigotoba_standalone.brokers.passwords import write_private
from shigotoba_standalone.brokers.sessions import FILE, set_broken_aside
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.ports import HOST, answers
from shigotoba_standalone.programs import Program

SYSTEM_DIRECTORIES: Final = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/sbin")
"""Where distributions put it; an ordinary user's PATH on Debian names none of them."""


def find() -> Path | None:
    """The mosquitto of this machine."""
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_DIRECTORIES])
    found = shutil.which("mosquitto", path=search)
    return Path(found) if found else None


def program(
    name: str,
    directory: Path,
    port: int,
    hashes: Path,
    users: Sequence[User],
    door: Mapping[str, object] | None = None,
) -> Program:
    """Write configuration and access list into ``directory``; the program that uses them.

    ``door`` is another listener, see ``tls_listener``.

    Raises:
        StandaloneError: There is no mosquitto here.
    """
    executable = find()
    if executable is None:
        raise StandaloneError("mosquitto is not installed. Install the package mosquitto, or use the embedded broker.")
    access, configuration = directory / "acl", directory / "mosquitto.conf"
    write_private(access, access_list(users))
    write_private(configuration, _configuration(directory, port, hashes, access, door or {}))
    command = [str(executable), "-c", str(configuration)]
    # An orphan may still write down its sessions.
    mend = partial(set_broken_aside, directory / FILE)
    return Program(name, command, orphan_signal=signal.SIGTERM, ready=partial(answers, port), mend=mend)


def tls_listener(port: int, papers: Path) -> Mapping[str, object]:
    """A listener where the name in one's certificate is one's user name; passwords are not asked there."""
    return {
        "listener": f"{port} {HOST}",
        "require_certificate": "true",
        "use_identity_as_username": "true",
        "tls_version": "tlsv1.2",
        "cafile": papers / "ca.pem",
        "certfile": papers / "broker.pem",
        "keyfile": papers / "broker.key",
    }


def access_list(users: Sequence[User]) -> str:
    """The rules in the form of mosquitto's ``acl_file``."""
    return "\n".join(line for user in users for line in _rules(user))


def _rules(user: User) -> list[str]:
    writes = [f"topic write {topic}" for topic in user.may_write]
    reads = [f"topic read {topic}" for topic in user.may_read]
    return [f"user {user.name}", *writes, *reads, ""]


def _configuration(directory: Path, port: int, hashes: Path, access: Path, door: Mapping[str, object]) -> str:
    """Queues have no limit in number because mosquitto drops silently above it (research/mqtt.md section 1.4)."""
    settings = {
        "listener": f"{port} {HOST}",
        "user": "root",  # only heeded when we are root: our files are not readable to anybody else
        "allow_anonymous": "false",
        "password_file": hashes,
        "acl_file": access,
        "persistence": "true",
        "persistence_location": f"{directory}/",
        "autosave_interval": "60",
        "persistent_client_expiration": "14d",
        "max_queued_messages": "0",
        "max_inflight_messages": "2000",
        "set_tcp_nodelay": "true",
        "log_dest": "stderr",
        "log_timestamp_format": "%Y-%m-%dT%H:%M:%S",
    }
    levels = [f"log_type {level}" for level in ("error", "warning", "notice", "information")]
    lines = [f"{key} {value}" for listener in (settings, door) for key, value in listener.items()]
    return "\n".join([*lines, *levels, ""])
