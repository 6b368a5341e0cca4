"""Commissioning a printer as somebody does who stands at its panel: a real terminal, a real SNMP agent."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path


async def test_a_printers_counters_are_compared_with_its_panel(
    start_mfp, terminal, edge_toml, sharp, tmp_path: Path
) -> None:
    _, port = await start_mfp(sharp)
    printers = (
        f'[[driver]]\nkind = "printer_snmp"\nname = "printers"\n[[driver.printer]]\nhost = "127.0.0.1"\nport = {port}\n'
    )
    record = tmp_path / "record.jsonl"
    shown = terminal("commission", "--settings", edge_toml(printers), "--record", record)

    async def step(text: str, answer: str) -> None:
        await asyncio.to_thread(shown.expect, text)
        shown.type(answer)

    await step("Number: ", "3")
    await step("Which one? ", "1")
    await step("Code of the place", "3f-p1")
    await step("impressions_total: we read 121,104.", "121,104")
    await step("impressions_print: we read 82,214.", "eighty thousand")
    await step("is not a number", "82,200")
    await step("differs by +14", "")
    await step("agrees", "-")
    await step("Number: ", "0")
    await asyncio.to_thread(shown.process.wait, 30)
    (entry,) = [json.loads(line) for line in record.read_text().splitlines()]
    assert (entry["device"], entry["space"]) == ("mfp-6509415X00", "3f-p1")
    assert entry["confirmed"] == [
        {"point": "impressions_total", "read": 121_104, "panel": 121_104},
        {"point": "impressions_print", "read": 82_214, "panel": 82_200},
        {"point": "impressions_copy", "read": 38_804, "panel": 38_804},
    ]
