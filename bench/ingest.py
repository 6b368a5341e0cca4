"""How fast readings get from MQTT into the database, as a share of what PostgreSQL's own COPY does with the same rows.

``python bench/ingest.py [--rounds 3] [--readings 100000] [--memory 100000] [--grow 1000000 5000000]``. In each round,
one after the other: readings published in batches of 1, 10 and 100 until their receipts are back, with 1 and 2 ingest
workers; the transaction alone; after each, COPY of the same rows, only later, in one go and in the order in which they
came, after the transaction in order of point too; executemany. All go into the same table. Then how long one batch
takes from publishing to its receipt (it is visible before that), and the same in a table that has grown.

Publisher, broker, workers and database share this machine's cores; COPY has them for itself. Transaction and COPY are
told by processor time too, client and server together, which other work on the machine changes little.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import deque
from collections.abc import Iterable, Iterator
from statistics import median, quantiles

import psycopg
from ground import SEATS, SQL, Ground, ground, processor_s, resident_mb
from ground.cargo import Cargo, cargo
from ground.publisher import Publisher, Receipts, publish_packets
from ground.report import keep, percent
from ground.stopwatch import Pace, Stopwatch

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.desk import MOST_DELIVERIES, portion
from shigotoba_backend.ingest.pipeline import commit, prepare

SIZES = (1, 10, 100)
SHARDS = (1, 2)
EXECUTEMANY_ROWS = 10_000
LATENCY_BATCHES = 200
LATENCY_EVERY_S = 0.02
PROCESSOR = "processor time, transaction of batches of "
ORDERED = "copy in order of point, beside transactions of "
FIRST_MS = 1_790_000_000_000
"""All readings lie in the month after this, as live ones lie in the current month."""


def published(ground: Ground, receipts: Receipts, load: Cargo) -> float:
    """Readings a second from the first PUBLISH to the last receipt."""
    packets = publish_packets([(message.topic, message.payload) for message in load.messages])
    publisher = Publisher(ground.broker)
    began_s = time.perf_counter()
    publisher.send(packets)
    ended_s = receipts.wait_for(load.epoch, load.readings)
    publisher.close()
    return load.readings / (ended_s - began_s)


def database_step(conn: psycopg.Connection, load: Cargo) -> Pace:
    """The transaction alone, with commits as large as the worker's."""
    catalogue, watch, left = Catalogue(conn), Stopwatch(conn), load.messages
    while left:
        count = portion(left[:MOST_DELIVERIES])
        now_ms = time.time_ns() // 1_000_000
        prepared = prepare(catalogue, left[:count], now_ms)
        with watch:
            commit(conn, prepared, now_ms)
        left = left[count:]
    return watch.pace(load.readings)


def copied(
    conn: psycopg.Connection, since_ms: int, readings: int, clock_ms: Iterator[int], order: str = "by_time"
) -> Pace:
    """COPY in one go of the rows that went in after an instant, as many later.

    Later, because the same keys once more would be another work for the index than new ones.
    """
    moved_ms = next(clock_ms) - since_ms
    deque(itertools.islice(clock_ms, readings), maxlen=0)
    which = {"since_ms": since_ms, "until_ms": since_ms + readings, "moved_ms": moved_ms}
    with conn.cursor() as cursor, cursor.copy(SQL[f"copy_out_{order}"], which) as copy:
        buffer = b"".join(bytes(block) for block in copy)
    watch = Stopwatch(conn)
    with watch, conn.transaction(), conn.cursor() as cursor, cursor.copy(SQL["copy_in"]) as copy:
        copy.write(buffer)
    return watch.pace(readings)


def executed_many(conn: psycopg.Connection, rows: Iterable[tuple[object, ...]]) -> float:
    """Readings a second of executemany with INSERT."""
    listed = list(rows)
    began_s = time.perf_counter()
    with conn.transaction(), conn.cursor() as cursor:
        cursor.executemany(SQL["insert"], listed)
    return len(listed) / (time.perf_counter() - began_s)


def plain_rows(clock_ms: Iterator[int]) -> list[tuple[object, ...]]:
    """Rows for executemany."""
    return [(1 + n % SEATS, next(clock_ms), n, float(n % 7 < 3), None, False) for n in range(EXECUTEMANY_ROWS)]


def one_round(ground: Ground, conn: psycopg.Connection, readings: int, clock_ms: Iterator[int]) -> dict[str, float]:
    """Rates of everything that is compared, in readings a second."""
    rates: dict[str, float] = {}
    receipts = Receipts(ground.broker)
    for shards, size in itertools.product(SHARDS, SIZES):
        since_ms = next(clock_ms)
        load = cargo(min(readings, readings // 10 * size), size, clock_ms)
        what = f"batches of {size}, {shards} worker(s)"
        with ground.workers(shards) as workers:
            before_s = sum(map(processor_s, workers))
            rates[f"published, {what}"] = published(ground, receipts, load)
            used_s = sum(map(processor_s, workers)) - before_s
        rates[f"readings per second of the workers' processor, {what}"] = load.readings / used_s
        rates[f"copy, beside {what}"] = copied(conn, since_ms, load.readings, clock_ms).per_s
    for size in SIZES:
        since_ms = next(clock_ms)
        load = cargo(min(readings, readings // 10 * size), size, clock_ms)
        step = database_step(conn, load)
        copy = copied(conn, since_ms, load.readings, clock_ms)
        rates[f"transaction alone, batches of {size}"] = step.per_s
        rates[f"copy, beside transactions of {size}"] = copy.per_s
        rates[f"{ORDERED}{size}"] = copied(conn, since_ms, load.readings, clock_ms, "by_point").per_s
        rates[f"{PROCESSOR}{size}"] = copy.processor_us / step.processor_us
    rates["executemany"] = executed_many(conn, plain_rows(clock_ms))
    receipts.stop()
    return rates


def latencies_ms(ground: Ground, clock_ms: Iterator[int]) -> list[float]:
    """Milliseconds from publishing a batch of 10 to its receipt, at 50 batches a second."""
    receipts, publisher = Receipts(ground.broker), Publisher(ground.broker)
    loads = [cargo(10, 10, clock_ms) for _ in range(LATENCY_BATCHES)]
    found: list[float] = []
    with ground.workers(1):
        for load in loads:
            began_s = time.perf_counter()
            publisher.send(publish_packets([(message.topic, message.payload) for message in load.messages]))
            found.append(1000 * (receipts.wait_for(load.epoch, load.readings) - began_s))
            time.sleep(max(0.0, LATENCY_EVERY_S - found[-1] / 1000))
    publisher.close()
    receipts.stop()
    return found


def memory_mb(ground: Ground, readings: int, portions: int, clock_ms: Iterator[int]) -> list[float]:
    """Resident memory of one worker after each of ``portions`` times ``readings`` readings."""
    receipts = Receipts(ground.broker)
    found: list[float] = []
    with ground.workers(1) as (worker,):
        for _ in range(portions):
            published(ground, receipts, cargo(readings, 100, clock_ms))
            found.append(round(resident_mb(worker), 1))
    receipts.stop()
    return found


def grown(conn: psycopg.Connection, rows: int, readings: int, clock_ms: Iterator[int]) -> dict[str, float]:
    """Rates in a table that holds at least so many rows in the month that is being written."""
    (held,) = conn.execute(SQL["count_rows"]).fetchone() or (0,)
    conn.execute(SQL["fill"], {"rows": max(0, rows - held), "seats": SEATS, "first_ms": FIRST_MS})
    since_ms = next(clock_ms)
    step = database_step(conn, cargo(readings, 100, clock_ms))
    copy = copied(conn, since_ms, readings, clock_ms)
    return {
        "transaction alone, batches of 100": step.per_s,
        "copy": copy.per_s,
        "share by processor time": copy.processor_us / step.processor_us,
    }


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--readings", type=int, default=100_000, help="in each measurement of batches of 10 and 100")
    parser.add_argument("--memory", type=int, default=100_000, help="readings in each of five portions")
    parser.add_argument("--grow", type=int, nargs="*", default=[1_000_000, 5_000_000], help="rows stored before")
    parser.add_argument("--name", default="ingest", help="of the JSON in bench/results")
    options = parser.parse_args()
    clock_ms = itertools.count(FIRST_MS)
    with ground() as place, place.connect() as conn:
        conn.execute(SQL["make_months"], {"first_ms": FIRST_MS})
        rounds = [one_round(place, conn, options.readings, clock_ms) for _ in range(options.rounds)]
        rates = {name: median(each[name] for each in rounds) for name in rounds[0]}
        latency = quantiles(latencies_ms(place, clock_ms), n=100)
        memory = memory_mb(place, options.memory, 5, clock_ms)
        conn.execute(SQL["empty"])
        growth = {rows: grown(conn, rows, options.readings, clock_ms) for rows in options.grow}
    shares = {
        **{name: rates[name] / rates[_copy_beside(name)] for name in rates if name.startswith(("publ", "trans"))},
        "executemany": rates["executemany"] / rates["copy, beside batches of 100, 1 worker(s)"],
    }
    of_ordered = {
        str(size): rates[f"transaction alone, batches of {size}"] / rates[f"{ORDERED}{size}"] for size in SIZES
    }
    by_processor = {str(size): rates.pop(f"{PROCESSOR}{size}") for size in SIZES}
    percentiles = {f"p{p}": round(latency[p - 1], 1) for p in (50, 90, 99)}
    print("transaction, share of COPY in order of point:", {size: percent(each) for size, each in of_ordered.items()})
    _tell(shares, rates, by_processor, percentiles, memory, growth)
    measured = {
        "broker": place.broker_kind,
        "share_of_copy": shares,
        "transaction_share_of_copy_by_processor_time": by_processor,
        "transaction_share_of_copy_in_order_of_point": of_ordered,
        "readings_per_s": rates,
        "publish_to_receipt_ms": percentiles,
        "worker_resident_mb": {"readings_each": options.memory, "after_each": memory},
        "readings_per_s_by_stored_rows": growth,
    }
    print(f"kept in {keep(options.name, measured)}")


def _copy_beside(name: str) -> str:
    what, rest = name.split(", ", 1)
    beside = rest if what == "published" else rest.replace("batches", "transactions")
    return f"copy, beside {beside}"


def _tell(
    shares: dict[str, float],
    rates: dict[str, float],
    by_processor: dict[str, float],
    percentiles: dict[str, float],
    memory: list[float],
    growth: dict[int, dict[str, float]],
) -> None:
    print("share of COPY of the same rows (readings a second)")
    for name, share in shares.items():
        print(f"  {percent(share):>6}  {name} ({rates[name]:,.0f})")
    for name, rate in rates.items():
        if name.startswith("readings per"):
            print(f"  {rate:,.0f} {name}")
    print("transaction by processor time, share of COPY:", {of: percent(share) for of, share in by_processor.items()})
    print("publish to receipt, ms:", percentiles)
    print("resident memory of a worker after each portion, MB:", memory)
    for rows, rate in growth.items():
        share = rate["transaction alone, batches of 100"] / rate["copy"]
        print(f"{rows:,} rows stored: transaction alone {rate['transaction alone, batches of 100']:,.0f}, ", end="")
        print(f"COPY {rate['copy']:,.0f}: {percent(share)}")


if __name__ == "__main__":
    main()
