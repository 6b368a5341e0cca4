"""The jobs process: runs each job when it is due, each lane of jobs in a thread with one connection.

Two of it at once do no harm, only the same work twice. A job that fails is logged and tried again when it is next due;
the others go on. Killed at any instant, it has done a job's step or not begun it.

Responsible for when. Refuses to know what the jobs do.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime

import psycopg

from shigotoba_backend.jobs.job import Job
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect_when_ready, first_line

log = logging.getLogger(__name__)

_SHORTEST_PAUSE_S = 0.05
_LOST_PAUSE_S = 1.0


def run(settings: BackendSettings, jobs: Iterable[Job], stop: threading.Event) -> None:
    """Works until ``stop`` is set.

    Raises:
        MigrationError: The database was migrated with other files than these.
    """
    lanes: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        lanes[job.lane].append(job)
    with ThreadPoolExecutor(len(lanes), "lane") as pool:
        running = [pool.submit(_keep_lane, settings, tuple(lane), stop) for lane in lanes.values()]
        for ended in as_completed(running):
            # A lane that could not go on takes the others with it, and its error out of here.
            stop.set()
            ended.result()


def _keep_lane(settings: BackendSettings, lane: tuple[Job, ...], stop: threading.Event) -> None:
    while not stop.is_set():
        conn = connect_when_ready(settings.database, stop)
        if conn is None:
            return
        try:
            with conn:
                log.info("jobs: %s", ", ".join(job.name for job in lane))
                work(conn, settings, lane, stop, lambda: datetime.now(UTC))
        except psycopg.OperationalError as error:
            log.warning("database lost: %s", first_line(error))
            stop.wait(_LOST_PAUSE_S)


def work(
    conn: psycopg.Connection, settings: BackendSettings, jobs: tuple[Job, ...], stop: threading.Event,
    clock: Callable[[], datetime],
) -> None:  # fmt: skip
    """Runs what is due until ``stop`` is set.

    Raises:
        psycopg.OperationalError: The database is gone.
    """
    due_s = dict.fromkeys(jobs, 0.0)
    while not stop.is_set():
        for job in [job for job in jobs if due_s[job] <= time.monotonic()]:
            due_s[job] = time.monotonic() + job.every_s
            run_one(conn, settings, job, clock())
        stop.wait(max(_SHORTEST_PAUSE_S, min(due_s.values()) - time.monotonic()))


def run_one(conn: psycopg.Connection, settings: BackendSettings, job: Job, now: datetime) -> int:
    """Runs one job once; what goes wrong in it is logged and costs this run only.

    Raises:
        psycopg.OperationalError: The database is gone.
    """
    try:
        return job.run(conn, settings, now)
    except psycopg.OperationalError:
        raise
    except Exception:
        log.exception("job %s failed; it is tried again in %.0f s", job.name, job.every_s)
        return 0
