"""Commands: carried out once, answered always, over restarts."""

from pathlib import Path

import pytest

from shigotoba_gateway.messages import Answer
from shigotoba_gateway.orders import OrderError, Orders
from shigotoba_gateway.spool import Spool
from shigotoba_wire.commands import Command, CommandKind, CommandResult, Commands, Outcome, encode_commands

NOW = 1_795_000_000_000


class Office:
    """Orders on a spool; the gateway can identify itself, and rotating a certificate fails."""

    def __init__(self, path: Path) -> None:
        self.spool = Spool.open(path, "honcho", "gw-1")
        self.now_ms = NOW
        self.done: list[str] = []
        self.passed_on: list[tuple[str, str]] = []
        own = {CommandKind.IDENTIFY: self._identify, CommandKind.ROTATE_CERTIFICATE: self._fail}
        self.orders = Orders(self.spool, lambda: self.now_ms, own, self._pass_on)

    def _identify(self, command: Command) -> str:
        self.done.append(command.command)
        return "the light blinks"

    def _fail(self, _command: Command) -> str:
        raise OrderError("the platform cannot be reached")

    def _pass_on(self, agent: str, commands: Commands) -> bool:
        self.passed_on += [(agent, command.command) for command in commands.commands]
        return True

    def give(self, *commands: Command) -> None:
        self.orders.take(encode_commands(Commands(commands)))

    def outcomes(self) -> dict[str, tuple[Outcome, str]]:
        return {result.command: (result.outcome, result.detail) for result in self.orders.health()["commands"]}


@pytest.fixture
def office(tmp_path: Path):
    office = Office(tmp_path / "spool.sqlite")
    yield office
    office.spool.close()


def test_a_command_is_carried_out_once_however_often_it_is_given(office: Office, tmp_path: Path) -> None:
    identify = Command("c-1", CommandKind.IDENTIFY, NOW + 1000)
    for _ in range(2):
        office.give(identify)
        office.orders.tick(0)
        office.orders.tick(10)
    office.spool.close()
    again = Office(tmp_path / "spool.sqlite")
    again.give(identify)
    again.orders.tick(0)
    assert (office.done, again.done) == (["c-1"], [])
    assert again.outcomes() == {"c-1": (Outcome.DONE, "the light blinks")}
    again.spool.close()


def test_failure_refusal_and_expiry_are_told_with_the_reason(office: Office) -> None:
    office.give(
        Command("rotate", CommandKind.ROTATE_CERTIFICATE, NOW + 1000),
        Command("restart", CommandKind.RESTART_DRIVER, NOW + 1000),
        Command("late", CommandKind.IDENTIFY, NOW - 1),
    )
    office.orders.tick(0)
    outcomes = office.outcomes()
    assert outcomes["rotate"] == (Outcome.FAILED, "the platform cannot be reached")
    assert outcomes["restart"][0] is Outcome.REFUSED
    assert outcomes["late"][0] is Outcome.EXPIRED
    assert office.done == []


def test_a_command_for_an_agent_is_passed_on_until_it_answers_or_the_command_runs_out(office: Office) -> None:
    office.give(
        Command("a", CommandKind.RESTART_DRIVER, NOW + 60_000, "edge-1", "ble"),
        Command("b", CommandKind.RESTART_DRIVER, NOW + 60_000, "edge-2", "ble"),
    )
    for second in (0, 1, 6):
        office.orders.tick(second)
    assert office.passed_on.count(("edge-1", "a")) == 2
    office.orders.answered(Answer("edge-2", CommandResult("a", Outcome.DONE, NOW, "not mine to say")))
    office.orders.answered(Answer("edge-1", CommandResult("a", Outcome.DONE, NOW, "ble was started again")))
    office.now_ms += 61_000
    office.orders.tick(12)
    assert office.outcomes()["a"] == (Outcome.DONE, "ble was started again")
    assert office.outcomes()["b"][0] is Outcome.EXPIRED
    assert office.passed_on.count(("edge-1", "a")) == 2


def test_a_command_cut_off_by_a_restart_is_not_begun_again(office: Office, tmp_path: Path) -> None:
    def die(_command: Command) -> str:
        raise KeyboardInterrupt

    office.orders = Orders(office.spool, lambda: NOW, {CommandKind.IDENTIFY: die}, office._pass_on)
    office.give(Command("c-1", CommandKind.IDENTIFY, NOW + 1000))
    with pytest.raises(KeyboardInterrupt):
        office.orders.tick(0)
    office.spool.close()
    again = Office(tmp_path / "spool.sqlite")
    again.orders.tick(0)
    assert again.outcomes()["c-1"][0] is Outcome.FAILED
    assert again.done == []
    again.spool.close()


def test_nonsense_changes_nothing(office: Office) -> None:
    office.give(Command("c-1", CommandKind.IDENTIFY, NOW + 1000))
    office.orders.take(b"nonsense")
    office.orders.tick(0)
    assert office.done == ["c-1"]
