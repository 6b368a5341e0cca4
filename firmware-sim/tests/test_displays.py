"""Displays beside the booths, on a real broker: they show what is retained and what comes, and it is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shigotoba_sim.faces.displays import Displays
from shigotoba_sim.truth.log import read_table
from shigotoba_sim.truth.said import Said
from shigotoba_wire.booths import BoothDisplay, BoothState, encode_booths
from shigotoba_wire.connection import Session
from shigotoba_wire.link import Link
from shigotoba_wire.topics import display

if TYPE_CHECKING:
    from conftest import RunningBroker

NOW_MS = 1_795_219_131_165

pytestmark = pytest.mark.integration


async def test_displays_show_what_the_gateway_says_and_each_change_is_kept_once(
    broker: RunningBroker, tmp_path: Path, eventually: Callable[[Callable[[], bool]], Awaitable[None]]
) -> None:
    settings = broker.settings()
    gateway = Link(settings, Session("gateway", ()), lambda _delivery: None)
    gateway.start()
    free = BoothDisplay("3f-b1", "3階ブース1", BoothState.FREE, NOW_MS)
    await eventually(lambda: gateway.publish(display("gw-1", "3f-b1"), encode_booths(free), retain=True))

    said = Said(tmp_path)
    displays = Displays(settings, "gw-1", ["3f-b1", "3f-b2"], said, lambda: time.time_ns() // 1_000_000)
    running = asyncio.create_task(displays.run())
    await eventually(lambda: displays.showing.keys() == {"3f-b1"})
    again = BoothDisplay("3f-b1", "3階ブース1", BoothState.FREE, NOW_MS + 1000)
    used = BoothDisplay("3f-b1", "3階ブース1", BoothState.IN_USE, NOW_MS + 2000, until_ms=NOW_MS + 3_600_000)
    for payload in (encode_booths(again), b"not a display", encode_booths(used)):
        gateway.publish(display("gw-1", "3f-b1"), payload, retain=True)
    await eventually(lambda: displays.showing["3f-b1"].state is BoothState.IN_USE)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    gateway.stop()

    said.write()
    shown = read_table(tmp_path, "displays").collect()
    assert shown.select("space", "state").rows() == [("3f-b1", "free"), ("3f-b1", "in_use")]
    assert shown["until"].dt.epoch("ms").to_list() == [None, NOW_MS + 3_600_000]
