"""The demo's directory and what lies where in it.

Responsible for names. Refuses to read or write any of the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Everything the demo keeps is below ``root``; see ``postgres.places`` for the one exception, as root."""

    root: Path

    @property
    def birth(self) -> Path:
        """When the demo was born and what must stay the same; its presence makes the directory ours."""
        return self.root / "demo.json"

    @property
    def settings(self) -> Path:
        """The settings file of each process."""
        return self.root / "settings"

    @property
    def state(self) -> Path:
        """What the processes keep: outboxes, spools, the simulator's building."""
        return self.root / "state"

    @property
    def examples(self) -> Path:
        """Example figures and plans, as files."""
        return self.state / "examples"

    @property
    def secrets(self) -> Path:
        """Password files, one directory per broker."""
        return self.root / "secrets"

    @property
    def brokers(self) -> Path:
        """The brokers' configurations and what they persist."""
        return self.root / "brokers"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """What is meaningful only while the demo runs."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        """Held by the keeper and the supervisor."""
        return self.run / "lock"

    @property
    def status(self) -> Path:
        """What the supervisor shows."""
        return self.run / "status.json"

    @property
    def history(self) -> Path:
        """How far the simulator's history is."""
        return self.state / "sim" / "history.json"

    @property
    def scenario(self) -> Path:
        """What is different in this demo; empty for an ordinary one."""
        return self.state / "scenario.toml"

    @property
    def marks(self) -> Path:
        """What the scenario does to the programs, and when."""
        return self.state / "marks.jsonl"

    @property
    def acts(self) -> Path:
        """What of it has been done."""
        return self.state / "acts.jsonl"

    @property
    def wrong_clock(self) -> Path:
        """By how many seconds the gateway's clock is wrong, where a scenario may make it so."""
        return self.run / "wrong-clock"

    @property
    def past_bookings(self) -> Path:
        """What the simulated people have booked before the demo began, until the product has taken it over."""
        return self.state / "past-bookings.jsonl"

    @property
    def taken_over(self) -> Path:
        """The same afterwards."""
        return self.state / "past-bookings.taken.jsonl"

    def parts(self) -> tuple[Path, ...]:
        """Everything of ours in ``root``, what names it ours last."""
        postgres = self.root / "postgres"
        return (self.settings, self.state, self.secrets, self.brokers, self.logs, postgres, self.run, self.birth)
