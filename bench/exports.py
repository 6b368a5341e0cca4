"""What an export costs: rows a second of each format as a share of bare CSV writing, and memory against the rows.

``python bench/exports.py [--rows 200000]``: rows like those of the dataset ``floor_use`` through each format, each in a
process of its own, with that many rows and with a tenth of them. Prints each format's speed as a share of Python's own
csv module on the same rows, and by how much ten times the rows raise its peak memory (1.0 is flat). Keeps
``results/exports.json``.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from ground.report import keep, percent

from shigotoba_backend.exports.formats import FORMS, Form, write
from shigotoba_backend.exports.layouts import LAYOUTS

DAY = date(2023, 4, 1)
POINTS = ("occupied_time", "observed_spaces", "vacant_time")


def rows_of(count: int) -> Iterator[tuple[object, ...]]:
    """Rows such as the database gives them."""
    for number in range(count):
        yield (
            DAY + timedelta(days=number // 300),
            "honcho",
            f"{number % 9}f",
            "seat",
            POINTS[number % 3],
            number / 7,
            "s",
        )


def bare(path: Path, count: int) -> None:
    """The csv module alone."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows_of(count))


def measured(form: Form | None, count: int) -> tuple[float, int]:
    """Rows a second, and the peak memory in kilobytes, in this process."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "file"
        began_s = time.perf_counter()
        if form is None:
            bare(path, count)
        else:
            write(form, path, LAYOUTS["floor_use"], rows_of(count))
        took_s = time.perf_counter() - began_s
    return count / took_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        reference, _ = pool.apply(measured, (None, options.rows))
        for form in FORMS:
            _, less_kb = pool.apply(measured, (form, options.rows // 10))
            rate, more_kb = pool.apply(measured, (form, options.rows))
            share, growth = rate / reference, more_kb / less_kb
            found[form] = {"rows_per_s": rate, "share_of_bare_csv": share, "memory_growth": growth}
            print(f"  {percent(share):>6} of bare CSV  {form} ({rate:,.0f} rows/s), memory x{growth:.2f}")
    print(f"kept in {keep('exports', {'rows': options.rows, 'bare_csv_rows_per_s': reference, 'formats': found})}")


if __name__ == "__main__":
    main()
