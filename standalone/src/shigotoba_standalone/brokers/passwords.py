"""Passwords: made once, kept in files that only we can read, known to the broker by their hash.

A password never appears in a command line, a log or a configuration. The hash is mosquitto's ``$7$`` form
(PBKDF2-HMAC-SHA512, see mosquitto_passwd(1)); the embedded broker checks the same form.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROUNDS: Final = 101
"""mosquitto's default. Enough here: the passwords are 256 random bits, not words."""


def password_file(directory: Path, user: str) -> Path:
    """The file whose first line is the password of ``user``; made with a new password if it is not there."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / user
    if not path.exists():
        write_private(path, f"{secrets.token_urlsafe(32)}\n")
    return path


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` by a file of mode 0600 in one step; a reader sees the old text or the new one."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def write_hashes(path: Path, secrets_directory: Path, users: Iterable[str]) -> None:
    """The broker's password file at ``path`` for ``users``, from the files of ``secrets_directory``."""
    lines = [f"{user}:{hashed(_read(password_file(secrets_directory, user)))}\n" for user in users]
    write_private(path, "".join(lines))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n", 1)[0]


def hashed(password: str, salt: bytes | None = None) -> str:
    """``$7$rounds$salt$hash``; the salt is random unless given."""
    salt = secrets.token_bytes(12) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def matches(password: str, stored: str) -> bool:
    """Whether ``password`` has the hash ``stored``; compared in constant time."""
    salt = base64.b64decode(stored.split("$")[3])
    return hmac.compare_digest(hashed(password, salt), stored)
