"""The process ``metrics``: a page for Prometheus, made anew at every visit.

Responsible for the page and its address. Refuses to measure, and to be reachable from elsewhere unless the settings say
so: the numbers name sites and gateways.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

import msgspec
import psycopg
from prometheus_client import start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from shigotoba_backend.metrics.catalogue import METRICS
from shigotoba_backend.metrics.sampling import Sample, samples
from shigotoba_backend.store.connection import StoreUnavailableError, connect

log = logging.getLogger(__name__)

_FAMILIES: Final = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
UP: Final = "shigotoba_database_up"


class MetricsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the process ``metrics`` is told.

    Attributes:
        host: Address to listen on; only this machine by default.
        port: TCP port to listen on.
    """

    host: str = "127.0.0.1"
    port: int = 9464


class Platform(Collector):
    """The whole platform as Prometheus collects it.

    Args:
        take: All samples of this moment.
    """

    def __init__(self, take: Callable[[], list[Sample]]) -> None:
        self._take = take

    def collect(self) -> Iterable[Metric]:
        """Every metric there is something to tell of, and whether the database answered at all."""
        up = GaugeMetricFamily(UP, "1 if the database answered this question, else 0.")
        try:
            taken = self._take()
        except (StoreUnavailableError, psycopg.Error) as error:
            log.warning("the database does not answer: %s", error)
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *families(taken)]


def families(taken: Iterable[Sample]) -> Iterable[Metric]:
    """The samples, gathered under their metrics."""
    by_name = {each.name: _FAMILIES[each.kind](each.name, each.meaning, labels=each.labels) for each in METRICS}
    for sample in taken:
        by_name[sample.name].add_metric(sample.labels, sample.value)
    return [family for family in by_name.values() if family.samples]


def serve(conninfo: str, settings: MetricsSettings, stopping: threading.Event) -> None:
    """Answers until told to stop; a connection per visit, for visits are a quarter of a minute apart."""

    def take() -> list[Sample]:
        with connect(conninfo) as conn:
            return list(samples(conn, datetime.now(UTC)))

    registry = CollectorRegistry()
    registry.register(Platform(take))
    server, thread = start_http_server(settings.port, settings.host, registry)
    log.info("metrics on http://%s:%d/metrics", settings.host, settings.port)
    stopping.wait()
    server.shutdown()
    thread.join()
    server.server_close()
