"""What Prometheus is told, and that the page of metrics is the catalogue."""

from __future__ import annotations

import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shigotoba_backend.metrics.catalogue import METRICS
from shigotoba_backend.metrics.page import page
from shigotoba_backend.metrics.sampling import samples
from shigotoba_backend.metrics.serving import UP, MetricsSettings, serve
from shigotoba_testing.ports import free_port
from shigotoba_testing.waiting import until
from shigotoba_wire.health import ClockHealth, GatewayHealth, SpoolHealth, encode_health

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ENTER = """
INSERT INTO shigotoba.ledger (site_id, gateway, epoch, received, updated_at)
SELECT site_id, 'gw-1', 'e1', '{[1,51),[61,101)}'::int8multirange, %s FROM shigotoba.site
"""
REPORT = """
INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-1', %s, %s::jsonb FROM shigotoba.site
"""


def report(conn: psycopg.Connection) -> None:
    at_ms = int(NOW.timestamp() * 1000)
    health = GatewayHealth(
        "gw-1", at_ms, at_ms, "e1", 101, 0, 0,
        spool=SpoolHealth(1, 1, 0.25), clock=ClockHealth(known=False), problems=("the clock is not set",),
    )  # fmt: skip
    conn.execute(REPORT, [NOW, encode_health(health).decode()])


@pytest.mark.integration
@pytest.mark.usefixtures("small_site")
def test_a_hole_a_silent_device_and_a_gateways_troubles_are_told(conn: psycopg.Connection) -> None:
    conn.execute(ENTER, [NOW])
    report(conn)
    told = {(each.name, each.labels): each.value for each in samples(conn, NOW)}
    assert told["shigotoba_readings_received_total", ("honcho", "gw-1")] == 90
    assert told["shigotoba_readings_missing", ("honcho", "gw-1")] == 10
    assert told["shigotoba_gateway_silent_seconds", ("honcho", "gw-1")] == 0
    assert told["shigotoba_gateway_disk_free_ratio", ("honcho", "gw-1")] == 0.25
    assert told["shigotoba_gateway_clock_known", ("honcho", "gw-1")] == 0
    assert told["shigotoba_gateway_problems", ("honcho", "gw-1")] == 1
    assert told["shigotoba_devices", ("honcho", "seat_sensor", "never")] == 2
    assert told["shigotoba_database_bytes", ()] > 0


@pytest.mark.integration
@pytest.mark.usefixtures("small_site")
def test_what_was_never_reported_is_absent_and_not_zero(conn: psycopg.Connection) -> None:
    conn.execute(ENTER, [NOW])
    names = {each.name for each in samples(conn, NOW)}
    assert "shigotoba_readings_received_total" in names
    assert not names & {
        "shigotoba_readings_waiting",
        "shigotoba_gateway_silent_seconds",
        "shigotoba_gateway_clock_known",
    }


@pytest.mark.integration
@pytest.mark.usefixtures("small_site")
def test_prometheus_reads_the_page_and_hears_when_the_database_is_gone(conn: psycopg.Connection, database: str) -> None:
    conn.execute(ENTER, [NOW])
    assert scraped(database)["shigotoba_readings_received"] == 90
    assert scraped("host=/nonexistent dbname=none") == {UP: 0}


def scraped(conninfo: str) -> dict[str, float]:
    """One visit to a page that is served and then stopped."""
    settings, stopping = MetricsSettings(port=free_port()), threading.Event()
    serving = threading.Thread(target=serve, args=(conninfo, settings, stopping))
    serving.start()
    pages = list[str]()

    def read() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/metrics") as answer:
                pages.append(answer.read().decode())
        except OSError:
            return False
        return True

    until(read, what="the page")
    stopping.set()
    serving.join()
    return {family.name: family.samples[0].value for family in text_string_to_metric_families(pages[0])}


def test_the_page_of_metrics_is_the_catalogue() -> None:
    assert (ROOT / "docs/metrics.md").read_text(encoding="utf-8") == page()


def test_names_and_kinds_follow_the_conventions() -> None:
    for metric in METRICS:
        assert metric.name.endswith("_total") == (metric.kind == "counter"), metric.name
    assert len({metric.name for metric in METRICS}) == len(METRICS)
