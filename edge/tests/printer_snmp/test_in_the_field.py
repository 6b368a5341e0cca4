"""Printers found at named addresses, and their counters confirmed against the panel: the commands as processes."""

from __future__ import annotations

import asyncio
import json
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
    assert "At 2 addresses:" in shown
    assert "127.0.0.1  mfp-C123R456789" in shown
    assert "impressions_copy" in shown
    assert f'[[driver.printer]]\nhost = "127.0.0.1"\nport = {port}\n' in shown


def test_only_named_addresses_are_asked() -> None:
    assert addresses(["192.0.2.8/30", "192.0.2.21"]) == ["192.0.2.9", "192.0.2.10", "192.0.2.21"]
    with pytest.raises(SettingsError, match="more than 1024 addresses"):
        addresses(["192.0.2.0/24", "198.51.0.0/16"])


async def test_counters_are_confirmed_against_the_panel(start_mfp, frames, tmp_path: Path) -> None:
    _, port = await start_mfp(frames("kyocera"))
    settings, record = tmp_path / "edge.toml", tmp_path / "office.jsonl"
    settings.write_text(
        f'agent = "edge-1"\ngateway = "gw-1"\noutbox = "{tmp_path}/edge.sqlite"\n'
        f'[broker]\nhost = "127.0.0.1"\nport = 1\n'
        f'[[driver]]\nkind = "printer_snmp"\nname = "printers"\npoll_every_s = 1.0\n'
        f'[[driver.printer]]\nhost = "127.0.0.1"\nport = {port}\n'
    )
    pipes = dict.fromkeys(("stdin", "stdout"), asyncio.subprocess.PIPE)
    arguments = ("commission", "--settings", settings, "--record", record)
    process = await asyncio.create_subprocess_exec(*COMMAND, *map(str, arguments), **pipes)
    try:
        async with asyncio.timeout(60):
            await walk(process)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
    (entry,) = [json.loads(line) for line in record.read_text().splitlines()]
    assert (entry["device"], entry["kind"], entry["space"]) == ("mfp-VCG0000001", "mfp", "3f-p1")
    assert entry["confirmed"] == [
        {"point": "impressions_total", "read": 40_512, "panel": 40_500},
        {"point": "impressions_print", "read": 30_000, "panel": 30_000},
        {"point": "impressions_fax", "read": 500, "panel": 500},
    ]


async def walk(process: asyncio.subprocess.Process) -> None:
    """Answer as a person in front of the printer would."""
    shown = ""

    async def answer(question: str, text: str) -> None:
        nonlocal shown
        while question not in shown:
            more = await process.stdout.read(4_096)
            assert more, shown
            shown += more.decode()
        shown = shown.partition(question)[2]
        process.stdin.write(f"{text}\n".encode())

    # Until it has been read for the first time there is no printer to choose.
    await answer("Number: ", "3")
    while "Which one?" not in shown:
        shown += (await process.stdout.read(4_096)).decode()
        if "No printer" in shown and "Number: " in shown:
            await asyncio.sleep(0.2)
            shown = shown.partition("Number: ")[2]
            process.stdin.write(b"3\n")
    await answer("Which one?", "1")
    await answer("Code of the place", "3f-p1")
    await answer("impressions_total: we read 40,512", "40,500")
    await answer("differs by +12", "")
    await answer("impressions_copy: we read 10,000", "-")
    await answer("impressions_fax: we read 500", "500")
    await answer("Number: ", "0")
