"""``make faults``: a longer run of the fault suite, with a table at the end, which is kept.

The same seed gives the same faults in the same order. Exit status 1 if anything was lost, doubled or unexplained.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from shigotoba_testing.faults.plan import plan
from shigotoba_testing.faults.suite import Report, product, run

WIDTH: Final = 110


def main() -> int:
    """Parse, run, show, keep."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="of faults, without start and settling (default: 5)")
    parser.add_argument("--seed", type=int, default=7, help="which faults in which order (default: 7)")
    parser.add_argument("--keep", type=Path, default=Path("build/faults"), help="where the table is kept")
    options = parser.parse_args()
    lasts_s = options.minutes * 60
    with tempfile.TemporaryDirectory(prefix="shigotoba-faults-") as directory:
        Path(directory).chmod(0o711)
        with product(Path(directory) / "demo", options.seed) as stage:
            report = run(stage, plan(options.seed, lasts_s), lasts_s, print)
    told = f"Seed {options.seed}, {options.minutes:g} minutes of faults"
    _keep(_shown(report, told), options.keep / f"seed-{options.seed}-{options.minutes:g}-minutes.txt")
    return 0 if report.good else 1


def _shown(report: Report, told: str) -> str:
    survived = Table("fault", "target", "times", title=f"{told}: survived")
    for (kind, name), times in sorted(report.survived.items()):
        survived.add_row(kind, name, str(times))
    asked = Table("afterwards", "found", "wanted", "", title="What it cost")
    for answer in report.answers:
        asked.add_row(answer.question, str(answer.found), str(answer.wanted), "good" if answer.good else "NOT GOOD")
    console = Console(record=True, width=WIDTH)
    console.print(survived)
    console.print(asked)
    return console.export_text()


def _keep(text: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"kept as {file}")


if __name__ == "__main__":
    sys.exit(main())
