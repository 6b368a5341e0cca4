"""What a person sees in the terminal: lines as they come, and bars for what takes time.

Two consoles with the same two calls: bars for a terminal, plain lines for a file or a pipe. Responsible for words and
bars. Refuses to decide anything.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from rich.console import Console as RichConsole
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from shigotoba_standalone.supervisor import Progress, Status

WELCOME = """
Shigotoba is running:  {address}
Booths on the phone:   {phone}
People who may sign in there, all with the password {password}:
  sato, suzuki (staff), soumu (facility), zeimu (officer of the tax section), kanbu (executive), kansa (auditor),
  admin (administrator)
Ctrl-C stops it, `make demo` continues with its data, `make demo-reset` wipes it.
"""


def welcome(status: Status) -> str:
    """Where things are and who may sign in; a demo shows its password, which opens nothing but this machine."""
    return WELCOME.format(address=status.address, phone=status.phone, password=_first_line(status.password_file))


def _first_line(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").split("\n", 1)[0]
    except OSError:
        return f"in {file}"


class Console(Protocol):
    """A place to show things; used as a context."""

    def __enter__(self) -> Console: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def line(self, text: str) -> None:
        """Show a line for good."""
        ...

    def show(self, status: Status) -> None:
        """Show how things are."""
        ...


def for_this_output() -> Console:
    """Bars if somebody is looking, lines if not."""
    return BarsConsole() if sys.stdout.isatty() else LinesConsole()


class LinesConsole:
    """Plain lines, each said once."""

    def __init__(self) -> None:
        self._said = set[str]()

    def __enter__(self) -> LinesConsole:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def line(self, text: str) -> None:
        """Show a line for good."""
        print(text, flush=True)

    def show(self, status: Status) -> None:
        """Say each step, the address and each tenth of the history once."""
        if status.step:
            self._once(f"[{status.steps.done}/{status.steps.total}] {status.step}")
        if status.address:
            self._once(welcome(status).strip())
        if status.history and status.history.total:
            self._once(f"history: {_tenth(status.history)} % loaded")

    def _once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.line(text)


class BarsConsole:
    """A bar for the start and a bar for the history, with the lines above them."""

    def __init__(self) -> None:
        self._console = RichConsole(highlight=False)
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
        )
        self._bars = Bars(*columns, console=self._console)
        self._start: TaskID | None = None
        self._history: TaskID | None = None
        self._address = ""

    def __enter__(self) -> BarsConsole:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def line(self, text: str) -> None:
        """Show a line for good, above the bars."""
        self._console.print(text, markup=False)

    def show(self, status: Status) -> None:
        """Move the bars; say the address once."""
        self._start = self._move(self._start, status.step or "starting", status.steps)
        if status.history:
            self._history = self._move(self._history, "loading the history", status.history)
        if status.address != self._address:
            self._address = status.address
            self.line(welcome(status))

    def _move(self, bar: TaskID | None, text: str, progress: Progress) -> TaskID:
        if bar is None:
            bar = self._bars.add_task(text, total=progress.total)
        self._bars.update(bar, description=text, completed=progress.done, total=progress.total)
        return bar


def _tenth(progress: Progress) -> int:
    """Percent, in whole tens."""
    return 10 * (10 * progress.done // progress.total)


def table(status: Status) -> str:
    """The processes as lines of text."""
    head = ("process", "state", "pid", "restarts", "started (UTC)", "last end")
    rows = [
        (each.name, each.state.value, str(each.pid or "-"), str(each.restarts), each.started_at, each.last_end or "-")
        for each in status.processes
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return "\n".join(_aligned(row, widths) for row in (head, *rows))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
