"""The backend's settings file, ``backend.toml``."""

from __future__ import annotations

from typing import Annotated

import msgspec

from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.metrics.serving import MetricsSettings
from shigotoba_backend.upkeep.layout import Wanted
from shigotoba_backend.webhooks.settings import WebhookSettings
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import shard_filters


class BackendSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every process of the backend is told.

    Attributes:
        database: A libpq connection string; a password belongs into a ``passfile=`` it names, not into this line.
        broker: The upstream broker.
        shard: Which share of the gateways this ingest worker takes, from 0.
        shards: Into how many shares the gateways are cut, 1 to 16.
        layout: How readings are laid out; ``auto`` takes what the server offers, but keeps what holds readings.
        quarantine_days: How long what was refused waits for a person; then the process ``jobs`` discards and counts it.
        enrolment: The authority for gateways' certificates; without it gateways use passwords.
        web: What the process ``api`` is told; everything in it has a default for one machine.
        metrics: What the process ``metrics`` is told.
        webhooks: Where webhooks may go.
        logs: What the processes say of their work, and how.
    """

    database: str
    broker: Broker
    shard: int = 0
    shards: int = 1
    layout: Wanted = "auto"
    quarantine_days: Annotated[int, msgspec.Meta(ge=1)] = 365
    web: WebSettings = WebSettings()
    metrics: MetricsSettings = MetricsSettings()
    enrolment: EnrolmentSettings | None = None
    webhooks: WebhookSettings = WebhookSettings()
    logs: LogSettings = LogSettings()

    def __post_init__(self) -> None:
        """Refuses numbers that describe no shard; msgspec reports the ValueError with the file."""
        shard_filters(self.shard, self.shards)
