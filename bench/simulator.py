"""What the simulator costs: a day of 1,000 seats, a year of history, and its share of a load test.

``python bench/simulator.py [--year-days 365] [--rounds 60]``. Everything is a ratio within the run: simulated time over
the time it took, highest memory at the end over highest memory in the first week, and the generator's processor time
as a share of what it, the ingest worker and the database need together.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg
from ground import ground, processor_s
from ground.report import keep, percent

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_sim.building import Building, building, site_file
from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.history.stream import History
from shigotoba_sim.load.run import run_load
from shigotoba_sim.load.wanted import Load
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.log import TruthLog
from shigotoba_wire.readings import Reading

SEATS = 1_000
GATEWAYS = 20
SENSOR_KEEP_ALIVE_S = 3600.0
"""Sensors that tell changes at once and are otherwise heard once an hour."""

OPENED_ON = date(2025, 4, 1)
SITE = "bench"


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year-days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    place = building(7, SITE, "gw-1", seats=SEATS, keep_alive_s=SENSOR_KEEP_ALIVE_S)
    measured = {"day": a_day(place), "year": a_year(place, given.year_days), "load": a_load(place, given.rounds)}
    print(f"kept in {keep('simulator', measured)}")


def plan_of(place: Building, days: int) -> Plan:
    """A building that keeps office hours for so many days."""
    return Plan(PlanInputs(7, place, OPENED_ON, midnight_ms(OPENED_ON + timedelta(days=days))))


def a_day(place: Building) -> dict[str, object]:
    """The events of an ordinary working day, without any device."""
    plan = plan_of(place, 30)
    list(plan.events(*_bounds(OPENED_ON)))
    began_s = time.process_time()
    events = sum(1 for _ in plan.events(*_bounds(OPENED_ON + timedelta(days=1))))
    took_s = time.process_time() - began_s
    print(f"a day of {SEATS} seats: {events} events, {86_400 / took_s:,.0f} times as fast as the day itself")
    return {"events": events, "cpu_s": took_s, "times_real": 86_400 / took_s}


def a_year(place: Building, days: int) -> dict[str, object]:
    """The readings of a year and the truth log beside them, made and thrown away."""
    plan = plan_of(place, days)
    began_s, readings, after_a_week_mb = time.process_time(), 0, 0.0
    with TemporaryDirectory() as folder:
        truth = TruthLog(Path(folder), place, plan.inputs.opened_ms)
        timeline = Timeline(plan)
        stream = History(plan, plan.inputs.lively_ms).readings()
        for number in range(1, days + 1):
            end_ms = midnight_ms(OPENED_ON + timedelta(days=number))
            readings += sum(1 for _ in _until(stream, end_ms))
            truth.write(timeline, end_ms)
            if number == 7:
                after_a_week_mb = _memory_mb()
        log_mb = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    took_s, ratio = time.process_time() - began_s, _memory_mb() / after_a_week_mb
    print(f"{days} days of {SEATS} seats: {readings:,} readings, {days * 86_400 / took_s:,.0f} times as fast as life,")
    print(f"  {readings / took_s:,.0f} readings a second of one core; memory {ratio:.2f} times that of the first week")
    return {
        "days": days,
        "readings": readings,
        "cpu_s": took_s,
        "times_real": days * 86_400 / took_s,
        "memory_mb": _memory_mb(),
        "memory_over_first_week": ratio,
        "truth_log_mb": log_mb,
    }


def a_load(place: Building, rounds: int) -> dict[str, object]:
    """As many readings as receipts allow, through a real broker and ingest worker into a real database."""
    with ground() as site, site.workers(1) as workers, site.connect() as conn:
        import_site(conn, msgspec.convert(site_file(place, OPENED_ON), SiteFile))
        before_s = processor_s(workers[0]) + _server_s(conn)
        sensors = [sensor.device for sensor in place.sensors]
        load = Load(gateways=GATEWAYS, rounds=rounds, every_s=0.0, most_s=300.0)
        outcome = run_load(load, site.broker, SITE, sensors, lambda _done: None)
        product_s = processor_s(workers[0]) + _server_s(conn) - before_s
    # The broker, which is left out, would only make it smaller.
    share = outcome.own_cpu_s / (outcome.own_cpu_s + product_s)
    print(f"load: {outcome.receipted:,} of {outcome.offered:,} receipted, {outcome.receipted_per_s:,.0f} a second,")
    print(f"  the generator takes {percent(share)} of the processor time of generator, ingest worker and database")
    return msgspec.structs.asdict(outcome) | {"generator_share_of_cpu": share, "product_cpu_s": product_s}


def _until(stream: Iterator[Reading], end_ms: int) -> Iterator[Reading]:
    """The readings before ``end_ms``; the first one after it is the last that is taken."""
    for reading in stream:
        yield reading
        if reading.at_ms >= end_ms:
            return


def _bounds(day: date) -> tuple[int, int]:
    return midnight_ms(day), midnight_ms(day + timedelta(days=1))


def _server_s(conn: psycopg.Connection) -> float:
    """Processor time of the database server's processes that run now."""
    pids = [pid for (pid,) in conn.execute("SELECT pid FROM pg_stat_activity")]
    fields = (Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split() for pid in pids)
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
