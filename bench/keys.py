"""What a key on readings would cost: COPY into a table with a primary key, as a share of COPY into one with an index.

``python bench/keys.py [--rows 300000] [--rounds 3]``: the same rows into tables of the same columns, in turn
without anything, with the index there is, with the primary key (point_id, at, seq) that would let the database
refuse repeats by itself, and with both. Decision 0020 rests on the ratios.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import psycopg
from ground import SQL, ground
from ground.report import keep, percent

TABLES = ("bare", "indexed", "keyed", "both")


def copied(conn: psycopg.Connection, table: str, data: bytes, rows: int) -> float:
    """Rows a second of one COPY."""
    began_s = time.perf_counter()
    with conn.transaction(), conn.cursor() as cursor, cursor.copy(SQL[f"copy_into_{table}"]) as copy:
        copy.write(data)
    return rows / (time.perf_counter() - began_s)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {table: [] for table in TABLES}
    with ground() as place, place.connect() as conn:
        conn.execute(SQL["make_key_tables"])
        for turn in range(options.rounds):
            with conn.cursor() as cursor, cursor.copy(SQL["made_rows"], {"rows": options.rows, "turn": turn}) as copy:
                data = b"".join(bytes(block) for block in copy)
            for table in TABLES:
                rates[table].append(copied(conn, table, data, options.rows))
        sizes = dict(conn.execute(SQL["key_table_sizes"]).fetchall())
    medians = {table: median(found) for table, found in rates.items()}
    for table, rate in medians.items():
        share, size_b = rate / medians["indexed"], sizes[table] / options.rows / options.rounds
        print(f"  {percent(share):>6} of indexed  {table} ({rate:,.0f} rows/s, {size_b:.0f} bytes a row)")
    print(f"kept in {keep('keys', {'rows_per_s': medians, 'bytes': sizes, 'rows': options.rows * options.rounds})}")


if __name__ == "__main__":
    main()
