"""Printers found at named addresses: the command as a process."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from shigotoba_edge.field.subnet import addresses
from shigotoba_wire.errors import SettingsError

COMMAND = (sys.executable, "-m", "shigotoba_edge")


async def finished(*arguments: object) -> tuple[int, str]:
    """Run a command to its end: exit status, and what it showed."""
    pipes = dict.fromkeys(("stdout", "stderr"), asyncio.subprocess.PIPE)
    process = await asyncio.create_subprocess_exec(*COMMAND, *map(str, arguments), **pipes)
    async with asyncio.timeout(60):
        shown, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, shown.decode() + errors.decode()


async def test_printers_at_named_addresses_are_found_with_settings_to_copy(start_mfp, ricoh, tmp_path: Path) -> None:
    _, port = await start_mfp(ricoh)
    arguments = ("--air", "0", "--wires", tmp_path, "--subnet", "127.0.0.1/31", "--port", port)
    status, shown = await finished("discover", *arguments)
    assert status == 0
    assert "On the network (addresses asked: 2):" in shown
    assert "127.0.0.1  mfp-C123R456789" in shown
    assert "impressions_copy" in shown
    assert f'[[driver.printer]]\nhost = "127.0.0.1"\nport = {port}\n' in shown


def test_only_named_addresses_are_asked() -> None:
    assert addresses(["192.0.2.8/30", "192.0.2.21"]) == ["192.0.2.9", "192.0.2.10", "192.0.2.21"]
    with pytest.raises(SettingsError, match="more than 1024 addresses"):
        addresses(["192.0.2.0/24", "198.51.0.0/16"])
