"""The start of the demo, step by step, and its life until it is told to stop.

Runs in the supervisor's process. Responsible for the order of the steps. Refuses to talk to the terminal: it says lines
and keeps a status file, the console shows both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final

from shigotoba_standalone import brokers, postgres
from shigotoba_standalone.acts import Relay, Runner, read_marks
from shigotoba_standalone.demo import processes
from shigotoba_standalone.demo.board import Board, read_history
from shigotoba_standalone.demo.examples.files import write_examples
from shigotoba_standalone.demo.ground import AGENT, DATABASE, GATEWAY, HISTORY, SITE, Ground, Wishes, facts, find_ground
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.demo.settings import SettingsFiles, write_settings
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.ports import HOST
from shigotoba_standalone.supervisor import Progress, Supervisor, ticks

STEPS: Final = 5
HISTORY_EVERY_S: Final = 0.5


async def run_demo(home: Home, wishes: Wishes, say: Callable[[str], None]) -> None:
    """Start everything and serve until cancelled; nothing is left behind either way.

    Raises:
        StandaloneError: Something a person has to put right.
    """
    board = Board(home.status, say)
    async with AsyncExitStack() as running:
        supervisor = await running.enter_async_context(Supervisor(home.logs, say, board.processes))
        board.step("finding a place", Progress(0, STEPS))
        ground, settings = _find_place(home, wishes, say)
        relay = await _relay(running, ground)
        board.step("starting PostgreSQL", Progress(1, STEPS))
        await _start_database(supervisor, ground)
        board.step("starting the brokers", Progress(2, STEPS))
        await _start_brokers(supervisor, ground, say)
        board.step("preparing the building", Progress(3, STEPS))
        await _prepare(supervisor, ground, settings)
        board.step("starting the product", Progress(4, STEPS))
        await _start_product(supervisor, ground, settings)
        board.step("running", Progress(STEPS, STEPS))
        board.phone(f"http://{HOST}:{ground.phone_port}/", str(ground.people_password))
        board.address(f"http://{HOST}:{ground.page_port}/")
        await asyncio.gather(
            supervisor.serve(),
            _show_history(home, board),
            _take_over(supervisor, home, settings),
            _act(supervisor, ground, relay, say),
        )


def _find_place(home: Home, wishes: Wishes, say: Callable[[str], None]) -> tuple[Ground, SettingsFiles]:
    try:
        ground = find_ground(home, wishes, datetime.now(UTC), say)
        return ground, write_settings(home.settings, facts(ground))
    except OSError as error:
        raise StandaloneError(
            f"{error.filename or home.root}: {error.strerror}. Make room or give access there, "
            "or name another home with --home."
        ) from error


async def _start_database(supervisor: Supervisor, ground: Ground) -> None:
    await supervisor.start_and_wait(postgres.server(ground.cluster))
    postgres.create_database(ground.cluster, DATABASE)


async def _start_brokers(supervisor: Supervisor, ground: Ground, say: Callable[[str], None]) -> None:
    kind = brokers.choose()
    if kind is brokers.Kind.AMQTT:
        say("mosquitto is not installed; the embedded broker amqtt does its work, more slowly.")
    upstream, local = brokers.upstream_users([GATEWAY, HISTORY]), brokers.local_users(GATEWAY, [AGENT])
    await supervisor.start_and_wait(brokers.broker_program(kind, ground.upstream, upstream))
    await supervisor.start_and_wait(brokers.broker_program(kind, ground.local, local))


async def _prepare(supervisor: Supervisor, ground: Ground, settings: SettingsFiles) -> None:
    for program in processes.preparations(settings, SITE, ground):
        await supervisor.run(program)
    if ground.eventful:
        await supervisor.run(processes.marks(settings, ground.home.marks))


async def _start_product(supervisor: Supervisor, ground: Ground, settings: SettingsFiles) -> None:
    ground.home.wrong_clock.unlink(missing_ok=True)
    for program in processes.services(settings, ground):
        supervisor.start(program)
    await supervisor.start_and_wait(processes.phone(settings, ground.phone_port))
    await supervisor.start_and_wait(processes.page(settings, ground.page_port))
    supervisor.start_work(processes.history(settings))
    _bring_examples(supervisor, ground, settings)


def _bring_examples(supervisor: Supervisor, ground: Ground, settings: SettingsFiles) -> None:
    """Example figures and plans, for a demo that has a past."""
    birthday = datetime.fromisoformat(ground.birth.birthday).date()
    if ground.birth.opened_on < birthday.isoformat():
        batch = write_examples(ground.home.examples, birthday, SITE)
        supervisor.start_work(processes.examples(settings, batch))


async def _relay(running: AsyncExitStack, ground: Ground) -> Relay:
    """The gateway's uplink; it carries nothing where no scenario cuts it."""
    relay = Relay(ground.uplink_port, ground.gateways_port)
    return await running.enter_async_context(relay) if ground.relayed else relay


async def _act(supervisor: Supervisor, ground: Ground, relay: Relay, say: Callable[[str], None]) -> None:
    """Do to the programs what the scenario says, if there is one."""
    if ground.eventful:
        home = ground.home
        await Runner(supervisor, relay, home.wrong_clock, home.acts, say).run(read_marks(home.marks))


async def _take_over(supervisor: Supervisor, home: Home, settings: SettingsFiles) -> None:
    """Let the product take over what was booked before the demo began, once, while people already look."""
    if home.taken_over.exists():
        return
    for program in processes.past_bookings(settings, home.past_bookings):
        await supervisor.start_work(program).ended()
    home.past_bookings.replace(home.taken_over)


async def _show_history(home: Home, board: Board) -> None:
    async for _ in ticks(HISTORY_EVERY_S):
        if progress := read_history(home.history):
            board.history(progress)
