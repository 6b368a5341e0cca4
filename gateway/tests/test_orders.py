"""Commands: carried out once, answered always, over restarts."""

import threading
from pathlib import Path

import pytest

from shigotoba_gateway.messages import Answer
from shigotoba_gateway.orders import OrderError, Orders
from shigotoba_gateway.spool import Spool
from shigotoba_testing.waiting import until
from shigotoba_wire.commands import Command, CommandKind, CommandResult, Commands, Outcome, encode_commands

NOW = 1_795_000_000_000


class Office:
    """Orders on a spool; the gateway can identify itself, and rotating a certificate fails once it is let through."""

    def __init__(self, path: Path) -> None:
        self.spool = Spool.open(path, "honcho", "gw-1")
        self.now_ms = NOW
        self.done: list[str] = []
        self.passed_on: list[tuple[str, str]] = []
        self.line = threading.Event()
        self.line.set()
        own = {CommandKind.IDENTIFY: self._identify, CommandKind.ROTATE_CERTIFICATE: self._fail}
        self.orders = Orders(self.spool, lambda: self.now_ms, own, self._pass_on)

    def _identify(self, command: Command) -> str:
        self.done.append(command.command)
        return "the light blinks"

    def _fail(self, _command: Command) -> str:
        self.line.wait()
        raise OrderError("the platform cannot be reached")

    def _pass_on(self, agent: str, commands: Commands) -> bool:
        self.passed_on += [(agent, command.command) for command in commands.commands]
        return True

    def give(self, *commands: Command) -> None:
        self.orders.take(encode_commands(Commands(commands)))

    def see_to(self, *names: str) -> None:
        """Tick until these have an end."""

        def ended() -> bool:
            self.orders.tick(0)
            return all(self.outcomes()[name][0] is not Outcome.UNDER_WAY for name in names)

        until(ended)

    def outcomes(self) -> dict[str, tuple[Outcome, str]]:
        return {result.command: (result.outcome, result.detail) for result in self.orders.health()["commands"]}


@pytest.fixture
def office(tmp_path: Path):
    office = Office(tmp_path / "spool.sqlite")
    yield office
    office.line.set()
    office.spool.close()


def test_a_command_is_carried_out_once_however_often_it_is_given(office: Office, tmp_path: Path) -> None:
    identify = Command("c-1", CommandKind.IDENTIFY, NOW + 1000)
    for _ in range(2):
        office.give(identify)
        office.orders.tick(0)
        office.see_to("c-1")
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
    office.see_to("rotate")
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


def test_one_that_takes_its_time_holds_up_nobody_and_does_not_run_out_meanwhile(office: Office) -> None:
    office.line.clear()
    office.give(
        Command("rotate", CommandKind.ROTATE_CERTIFICATE, NOW + 1000),
        Command("then", CommandKind.IDENTIFY, NOW + 90_000),
        Command("agent", CommandKind.RESTART_DRIVER, NOW + 90_000, "edge-1", "ble"),
    )
    office.orders.tick(0)
    office.now_ms += 60_000
    office.orders.tick(6)
    assert office.passed_on == [("edge-1", "agent")] * 2
    assert (office.outcomes()["rotate"][0], office.done) == (Outcome.UNDER_WAY, [])
    office.line.set()
    office.see_to("rotate", "then")
    assert office.outcomes()["rotate"] == (Outcome.FAILED, "the platform cannot be reached")
    assert office.done == ["then"]


def test_a_command_cut_off_by_a_restart_is_not_begun_again(office: Office, tmp_path: Path) -> None:
    office.line.clear()
    office.give(Command("c-1", CommandKind.ROTATE_CERTIFICATE, NOW + 1000))
    office.orders.tick(0)
    office.spool.close()
    again = Office(tmp_path / "spool.sqlite")
    again.orders.tick(0)
    assert again.outcomes()["c-1"] == (Outcome.FAILED, "the gateway was started anew before this had ended")
    again.spool.close()


def test_what_nobody_has_foreseen_fails_too_and_the_next_is_begun(office: Office) -> None:
    def stumble(_command: Command) -> str:
        raise ZeroDivisionError("a light of no size")

    own = {CommandKind.IDENTIFY: stumble, CommandKind.ROTATE_CERTIFICATE: office._fail}
    office.orders = Orders(office.spool, lambda: NOW, own, office._pass_on)
    office.give(
        Command("c-1", CommandKind.IDENTIFY, NOW + 1000), Command("c-2", CommandKind.ROTATE_CERTIFICATE, NOW + 1000)
    )
    office.orders.tick(0)
    office.see_to("c-1")
    office.see_to("c-2")
    assert "a light of no size" in office.outcomes()["c-1"][1]


def test_nonsense_changes_nothing(office: Office) -> None:
    office.give(Command("c-1", CommandKind.IDENTIFY, NOW + 1000))
    office.orders.take(b"nonsense")
    office.orders.tick(0)
    office.see_to("c-1")
    assert office.done == ["c-1"]
