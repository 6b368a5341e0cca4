"""Commands at the agent: restart one driver, let the light blink, answer each time."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from shigotoba_edge.identify import blink
from shigotoba_edge.orders import AgentOrders, OrderError
from shigotoba_wire.commands import (
    Command,
    CommandKind,
    CommandResult,
    Commands,
    Outcome,
    decode_result,
    encode_commands,
)
from shigotoba_wire.topics import COMMANDS

NOW = 1_795_000_000_000


async def answers(*payloads: bytes, expected: int) -> tuple[list[CommandResult], list[str]]:
    """What the agent answers, and which drivers it restarted."""
    told: asyncio.Queue[CommandResult] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    restarted: list[str] = []

    async def restart(command: Command) -> str:
        if command.driver == "nobody":
            raise OrderError("no such driver")
        restarted.append(command.driver)
        return "started again"

    def publish(_kind: str, payload: bytes) -> None:
        loop.call_soon_threadsafe(told.put_nowait, decode_result(payload))

    orders = AgentOrders({CommandKind.RESTART_DRIVER: restart}, publish, lambda: NOW)
    running = asyncio.create_task(orders.run())
    for payload in payloads:
        orders.ask(COMMANDS, payload)
    async with asyncio.timeout(60):
        results = [await told.get() for _ in range(expected)]
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return results, restarted


def order(name: str, driver: str = "ble", not_after_ms: int = NOW + 1, kind=CommandKind.RESTART_DRIVER) -> bytes:
    return encode_commands(Commands((Command(name, kind, not_after_ms, "edge-1", driver),)))


async def test_a_command_that_comes_again_is_answered_again_and_carried_out_once() -> None:
    told, restarted = await answers(order("c-1"), b"nonsense", order("c-1"), expected=2)
    assert told[0] == told[1]
    assert (told[0].outcome, restarted) == (Outcome.DONE, ["ble"])


async def test_what_cannot_be_done_is_answered_with_the_reason() -> None:
    told, restarted = await answers(
        order("a", "nobody"), order("b", not_after_ms=NOW - 1), order("c", kind=CommandKind.IDENTIFY), expected=3
    )
    assert [result.outcome for result in told] == [Outcome.FAILED, Outcome.EXPIRED, Outcome.REFUSED]
    assert told[0].detail == "no such driver"
    assert restarted == []


async def test_the_light_blinks_and_then_follows_what_it_followed_before(tmp_path: Path) -> None:
    trigger = tmp_path / "ACT" / "trigger"
    trigger.parent.mkdir()
    trigger.write_text("none timer [mmc0]\n")
    await blink(tmp_path, for_s=0)
    assert trigger.read_text() == "mmc0"


async def test_a_machine_without_a_light_says_so(tmp_path: Path) -> None:
    with pytest.raises(OrderError, match="no light called ACT or led0"):
        await blink(tmp_path)
