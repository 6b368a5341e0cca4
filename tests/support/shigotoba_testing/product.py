"""The whole product as a person starts it, and the truth of the simulated building beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from shigotoba_backend.read.coverage import Coverage, coverage
from shigotoba_sim.building import Building, building
from shigotoba_sim.settings import read_sim_settings
from shigotoba_sim.truth.report import Truth
from shigotoba_testing.ports import free_port
from shigotoba_testing.waiting import until

SITE = "honcho"
HISTORY_DAYS = 7
"""A week, so that there is an ordinary working day in it on almost any day of the year."""


class Demo:
    """``python -m shigotoba_standalone demo`` in a home of its own."""

    def __init__(
        self,
        home: Path,
        history_days: int = HISTORY_DAYS,
        uplink_port: int | None = None,
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        log_style: str = "text",
        uplink_tls: Path | None = None,
    ) -> None:
        self.home = home
        self.history_days = history_days
        self.uplink_port = uplink_port
        self.environment = {**os.environ, **(environment or {})}
        self.prefix = prefix
        self.log_style = log_style
        self.uplink_tls = uplink_tls
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/dashboard/"

    def start(self) -> None:
        arguments = ["--home", str(self.home), "--port", str(self.port), "--history-days", str(self.history_days)]
        self.console = (self.home.parent / f"{self.home.name}.console").open("a+", encoding="utf-8")
        arguments += ["--log-style", self.log_style]
        if self.uplink_port is not None:
            arguments += ["--uplink-port", str(self.uplink_port)]
        if self.uplink_tls is not None:
            arguments += ["--uplink-tls", str(self.uplink_tls)]
        command = [*self.prefix, sys.executable, "-m", "shigotoba_standalone", "demo", *arguments]
        self.process = subprocess.Popen(command, stdout=self.console, stderr=subprocess.STDOUT, env=self.environment)
        until(self._serves, what="the start of the demo")

    def _serves(self) -> bool:
        assert self.process.poll() is None, self.said()
        return self.status_file.exists() and self.status()["address"] != ""

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        ended = self.process.wait()
        self.console.close()
        return ended

    def said(self) -> str:
        return Path(self.console.name).read_text(encoding="utf-8")

    @property
    def status_file(self) -> Path:
        return self.home / "run" / "status.json"

    def status(self) -> dict[str, Any]:
        return json.loads(self.status_file.read_text(encoding="utf-8"))

    def pids(self) -> dict[str, int]:
        return {each["name"]: each["pid"] for each in self.status()["processes"] if each["pid"]}

    def kill(self, name: str) -> None:
        """SIGKILL a process and wait until another has taken its place."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.pids().get(name, pid) != pid, what=f"the return of {name}")

    def sim(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "shigotoba_sim", arguments[0], "--settings", str(self._settings("sim"))]
        done = subprocess.run([*command, *arguments[1:]], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def building(self) -> Building:
        settings = read_sim_settings(self._settings("sim"))
        return building(settings.seed, settings.site, settings.gateway)

    def truth(self, start: datetime, end: datetime) -> Truth:
        told = self.sim("truth", "--from", start.isoformat(), "--to", end.isoformat(), "--json")
        return msgspec.json.decode(told, type=Truth)

    def connect(self) -> psycopg.Connection:
        backend = tomllib.loads(self._settings("backend").read_text(encoding="utf-8"))
        return psycopg.connect(backend["database"], autocommit=True)

    def coverage(self) -> Coverage:
        with self.connect() as conn:
            return coverage(conn, SITE, datetime.now().astimezone())

    def _settings(self, name: str) -> Path:
        return self.home / "settings" / f"{name}.toml"

    def history_is_stored(self) -> bool:
        history = self.home / "state" / "sim" / "history.json"
        return history.exists() and json.loads(history.read_text(encoding="utf-8"))["finished"]

    def rollups_are_done(self) -> bool:
        with self.connect() as conn:
            return conn.execute("SELECT NOT EXISTS (SELECT FROM shigotoba.touched)").fetchone() == (True,)
