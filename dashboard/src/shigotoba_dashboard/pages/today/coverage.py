"""Data coverage: what has arrived, what is missing, what was refused.

Responsible for the section's frame and regions; these numbers say how far the others can be trusted. Refuses repair:
quarantined messages are looked at elsewhere.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.coverage import GatewayCoverage
from shigotoba_dashboard import reasons
from shigotoba_dashboard.formats import count, moment, percent
from shigotoba_dashboard.pages.behind.ways import to_devices
from shigotoba_dashboard.parts import live, scrolling, section, table_of
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Today
from shigotoba_dashboard.tables import Column, Table
from shigotoba_dashboard.words import Words


def frame(words: Words) -> Component:
    """The empty section."""
    waiting = words.say("Loading…")
    gateways, refused = words.say("Delivery by gateway"), words.say("Messages set aside, by reason")
    return section(
        "coverage",
        words.say("Data coverage"),
        [
            live("known-share", waiting, "headline"),
            html.H3(gateways),
            scrolling(gateways, live("gateway-table", waiting)),
            html.H3(refused),
            scrolling(refused, live("quarantine-table", waiting)),
        ],
    )


def _known_share(today: Today, words: Words) -> str:
    return words.say(
        "The state of seats and booths is known for {share} of today.", share=percent(today.coverage.known_share_today)
    )


def _gateways(today: Today, words: Words) -> object:
    gateways = today.coverage.gateways
    if not gateways:
        return words.say("No gateway has sent anything yet.")
    return table_of(
        Table(
            caption=words.say("Readings by gateway"),
            columns=(
                Column(words.say("Gateway")),
                Column(words.say("Received"), number=True),
                Column(words.say("Missing"), number=True),
                Column(words.say("Waiting at the gateway"), number=True),
                Column(words.say("Set aside at the gateway"), number=True),
                Column(words.say("Driver restarts"), number=True),
                Column(words.say("Last data")),
                Column(words.say("Last report")),
            ),
            rows=tuple(_gateway(gateway, today, words) for gateway in gateways),
            marked=frozenset(number for number, gateway in enumerate(gateways) if gateway.missing),
            links=(to_devices(today.site.code, words, "gateways"),) * len(gateways),
        )
    )


def _gateway(gateway: GatewayCoverage, today: Today, words: Words) -> tuple[str, ...]:
    return (
        gateway.gateway,
        count(gateway.received),
        count(gateway.missing),
        count(gateway.waiting),
        count(gateway.set_aside),
        count(gateway.restarts),
        moment(gateway.received_at, today.at, today.zone, words),
        moment(gateway.health_at, today.at, today.zone, words),
    )


def _quarantine(today: Today, words: Words) -> object:
    refused = today.coverage.quarantined
    if not refused:
        return words.say("Nothing has been set aside.")
    return table_of(
        Table(
            caption=words.say("Messages that could not be accepted; their bytes are kept"),
            columns=(Column(words.say("Reason")), Column(words.say("Messages"), number=True)),
            rows=tuple((reasons.meaning(reason, words), count(number)) for reason, number in refused.items()),
            links=(to_devices(today.site.code, words, "refused"),) * len(refused),
        )
    )


TODAY: Final[tuple[Region[Today], ...]] = (
    text_region("known-share", lambda today: percent(today.coverage.known_share_today), _known_share),
    text_region("gateway-table", lambda today: (today.coverage.gateways, today.day), _gateways),
    text_region("quarantine-table", lambda today: today.coverage.quarantined, _quarantine),
)
