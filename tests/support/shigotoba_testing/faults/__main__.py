"""``make faults``: a longer run of the fault suite, with a table at the end.

The same seed gives the same faults in the same order. Exit status 1 if anything was lost, doubled or unexplained.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shigotoba_testing.faults.plan import plan
from shigotoba_testing.faults.suite import Report, product, run


def main() -> int:
    """Parse, run, show."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="of faults, without start and settling (default: 5)")
    parser.add_argument("--seed", type=int, default=7, help="which faults in which order (default: 7)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shigotoba-faults-") as directory:
        Path(directory).chmod(0o711)
        with product(Path(directory) / "demo", options.seed) as stage:
            report = run(stage, plan(options.seed, options.minutes * 60), print, time.sleep)
    _show(report)
    return 0 if report.good else 1


def _show(report: Report) -> None:
    survived = Table("fault", "target", "times", title="Faults survived")
    for (kind, name), times in sorted(report.survived.items()):
        survived.add_row(kind, name, str(times))
    asked = Table("afterwards", "found", "wanted", "", title="What it cost")
    for answer in report.answers:
        asked.add_row(answer.question, str(answer.found), str(answer.wanted), "good" if answer.good else "NOT GOOD")
    console = Console()
    console.print(survived)
    console.print(asked)


if __name__ == "__main__":
    sys.exit(main())
