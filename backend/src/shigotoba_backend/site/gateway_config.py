"""The configuration a gateway should have: numbered in the database, published retained.

The broker hands the retained message to the gateway whenever it connects; the gateway's health tells which version is
in force.

Responsible for the next version and for its reaching the broker. Refuses to wait for the gateway.
"""

from __future__ import annotations

import secrets
import threading
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.downlink import DesiredConfig, encode_config
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import CONFIG, upstream

_QUERIES: Final = load("gateway_config.sql", package="shigotoba_backend.site")

_CONFIRM_WITHIN_S: Final = 10.0


class GatewayConfigError(Exception):
    """The configuration was not given out; the message says why and what to do."""


def only_site(conn: psycopg.Connection) -> str:
    """The code of the site, if there is just one.

    Raises:
        GatewayConfigError: There is none, or a choice.
    """
    codes = [row[0] for row in conn.execute(_QUERIES["site_codes"])]
    if len(codes) != 1:
        raise GatewayConfigError(f"say which site with --site; known: {', '.join(codes) or 'none'}")
    return codes[0]


def next_config(conn: psycopg.Connection, site: str, gateway: str, health_every_s: float) -> DesiredConfig:
    """Numbers and keeps a new configuration for a gateway, which need not have been heard of yet.

    Raises:
        GatewayConfigError: The site is not known.
    """
    with conn.transaction():
        row = conn.execute(_QUERIES["next_version"], {"site": site, "gateway": gateway}).fetchone()
        if row is None:
            raise GatewayConfigError(f"site {site!r} is not known; import its site file first")
        config = DesiredConfig(version=row[0], health_every_s=health_every_s)
        fields = {"site": site, "gateway": gateway, "payload": encode_config(config).decode()}
        conn.execute(_QUERIES["keep_payload"], fields)
    return config


def publish_config(broker: Broker, site: str, gateway: str, config: DesiredConfig) -> None:
    """Publishes the configuration retained, and waits until the broker hands it back.

    Raises:
        GatewayConfigError: The broker did not.
    """
    publish_retained(broker, upstream(site, gateway).down(CONFIG), encode_config(config))


def publish_retained(broker: Broker, topic: str, payload: bytes) -> None:
    """Publishes something for a gateway, retained, and waits until the broker hands it back.

    Raises:
        GatewayConfigError: The broker did not.
    """
    connected, confirmed = threading.Event(), threading.Event()

    def when_delivered(delivery: Delivery) -> None:
        if delivery.payload == payload:
            confirmed.set()

    link = Link(broker, Session(f"asking-{secrets.token_hex(4)}", (topic,)), when_delivered, connected.set)
    link.start()
    try:
        connected.wait(_CONFIRM_WITHIN_S)
        link.publish(topic, payload, retain=True)
        if not confirmed.wait(_CONFIRM_WITHIN_S):
            raise GatewayConfigError(
                f"{broker.host}:{broker.port} did not hand it back in {_CONFIRM_WITHIN_S:.0f} s. "
                "Check [broker] in the settings and the broker's access rules, then give the command again."
            )
    finally:
        link.stop()
