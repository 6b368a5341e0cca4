"""What the product said to the people of the live building, beside the truth: answers to phones, displays at booths.

Not the truth, but what people were told of it. Rows are gathered and written as ``answers-<from>-<to>.parquet`` and
``displays-...`` whenever the truth is; a SIGKILL costs those of the last quarter of an hour.

Responsible for these files. Refuses to judge what was said (see ``compare``).
"""

from __future__ import annotations

from pathlib import Path

from shigotoba_sim.truth.tables import Answer, Saying, Shown, frame_of


class Said:
    """Gathers what is said and writes it into ``directory`` when told to."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._rows: dict[Saying, list[Answer | Shown]] = {"answers": [], "displays": []}

    def add(self, row: Answer | Shown) -> None:
        """Take in one row."""
        self._rows["answers" if isinstance(row, Answer) else "displays"].append(row)

    def write(self) -> None:
        """Write what has been gathered, each table into one new file."""
        for table, rows in self._rows.items():
            if rows:
                path = self._directory / f"{table}-{rows[0].at_ms}-{rows[-1].at_ms + 1}.parquet"
                beside = path.with_suffix(".new")
                frame_of(table, rows).write_parquet(beside)
                beside.replace(path)
                self._rows[table] = []
