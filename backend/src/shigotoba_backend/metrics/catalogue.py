"""The metrics there are: name, meaning, labels. Alerts, dashboards and docs/metrics.md follow this list.

Responsible for the list. Refuses to measure.

Names follow Prometheus' conventions (prometheus.io/docs/practices/naming): base units, ``_total`` for what only grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: As Prometheus knows it.
        kind: A counter only grows; a gauge is how things are.
        labels: What it is told apart by.
        meaning: In words.
    """

    name: str
    kind: Literal["counter", "gauge"]
    labels: tuple[str, ...]
    meaning: str


_BY_GATEWAY: Final = ("site", "gateway")

METRICS: Final = (
    Metric("shigotoba_readings_received_total", "counter", _BY_GATEWAY, "Readings committed, all epochs together."),
    Metric("shigotoba_readings_missing", "gauge", _BY_GATEWAY, "Readings numbered by the gateway that are nowhere."),
    Metric("shigotoba_readings_waiting", "gauge", _BY_GATEWAY, "Readings in the gateway's spool without receipt."),
    Metric("shigotoba_readings_set_aside", "gauge", _BY_GATEWAY, "Readings refused as a whole, kept at the gateway."),
    Metric("shigotoba_gateway_epochs", "gauge", _BY_GATEWAY, "Spool files the gateway has had; grows when replaced."),
    Metric("shigotoba_gateway_silent_seconds", "gauge", _BY_GATEWAY, "Time since the gateway last told its health."),
    Metric("shigotoba_gateway_disk_free_ratio", "gauge", _BY_GATEWAY, "Room the spool still has, 0 to 1."),
    Metric("shigotoba_gateway_clock_known", "gauge", _BY_GATEWAY, "1 once the gateway's clock has been set, else 0."),
    Metric("shigotoba_gateway_problems", "gauge", _BY_GATEWAY, "What the gateway asks a person to look at."),
    Metric("shigotoba_driver_restarts_total", "counter", _BY_GATEWAY, "Restarts of drivers of the gateway's agents."),
    Metric("shigotoba_devices", "gauge", ("site", "kind", "state"), "Devices that are alive, stale or never heard."),
    Metric("shigotoba_coverage_today_ratio", "gauge", ("site",), "Share of today that is known, 0 to 1."),
    Metric("shigotoba_quarantine_messages", "gauge", ("reason",), "Refused messages and readings kept for a person."),
    Metric("shigotoba_rollup_backlog", "gauge", (), "Touched spans that no rollup worker has taken up yet."),
    Metric("shigotoba_bookings", "gauge", ("site", "state"), "Bookings of today, by state."),
    Metric("shigotoba_database_bytes", "gauge", (), "Size of the database on disk."),
    Metric("shigotoba_database_connections", "gauge", (), "Connections to the database."),
)
"""Every metric; ``docs/metrics.md`` is written from it."""
