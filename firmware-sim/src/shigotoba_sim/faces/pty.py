"""A serial port that is a pseudo terminal: a driver opens it like any other tty.

Responsible for the terminal and its stable name. Writing never waits: what nobody reads is lost, as it is on a real
line. Refuses to know what the bytes mean.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tty
from collections.abc import Callable
from pathlib import Path

from shigotoba_wire.errors import SettingsError

log = logging.getLogger(__name__)


class VirtualPort:
    """A pseudo terminal behind the link that ``setting`` names; ``hear`` is given what a driver writes."""

    def __init__(self, setting: str, link: Path, hear: Callable[[bytes], None] | None = None) -> None:
        self._setting = setting
        self._link = link
        self._hear = hear
        self._name = ""
        self._ours = -1
        self._theirs = -1
        self._heard = True

    @property
    def is_open(self) -> bool:
        """Whether the terminal is there."""
        return self._ours >= 0

    def open(self) -> None:
        """Make the terminal and point the link at it, replacing a link that an earlier run left behind.

        Raises:
            SettingsError: The folder of the link cannot be written, or something else than a link is in its place.
        """
        try:
            self._open()
        except OSError as error:
            raise SettingsError(f"{self._setting}: {error}. Choose a name in a folder you can write.") from error

    def close(self) -> None:
        """Remove the link and the terminal; a driver that has it open sees the device vanish."""
        if self._ours < 0:
            return
        asyncio.get_running_loop().remove_reader(self._ours)
        if self._link.is_symlink() and self._link.readlink() == Path(self._name):
            self._link.unlink()
        os.close(self._theirs)
        os.close(self._ours)
        self._ours = self._theirs = -1

    def write(self, data: bytes) -> None:
        """Put ``data`` on the line; what does not fit is lost."""
        try:
            written = os.write(self._ours, data)
        except BlockingIOError:
            written = 0
        self._note(heard=written == len(data))

    def _open(self) -> None:
        self._ours, self._theirs = os.openpty()
        # Until a driver sets raw mode itself, a terminal would echo what we send back to us.
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self._name = os.ttyname(self._theirs)
        _point(self._link, self._name)
        # With no slave open at all, reading the master is an error; ours stays open for that reason alone.
        asyncio.get_running_loop().add_reader(self._ours, self._drain)
        log.info("serial port %s is %s", self._link, self._name)

    def _note(self, heard: bool) -> None:
        if heard and not self._heard:
            log.info("%s is read again", self._link)
        elif self._heard and not heard:
            log.warning("nobody reads %s: its buffer is full, and what comes now is lost", self._link)
        self._heard = heard

    def _drain(self) -> None:
        """What the driver says is taken even where nobody listens, so that its own writing never stops."""
        data = os.read(self._ours, 4096)
        if self._hear is not None:
            self._hear(data)


def _point(link: Path, target: str) -> None:
    if link.exists() and not link.is_symlink():
        raise FileExistsError(f"{link} exists and is not a link")
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
