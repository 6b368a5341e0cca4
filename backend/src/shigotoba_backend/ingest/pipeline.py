"""The life of a batch, from the bytes that arrived to the receipt.

``store`` is the whole of it, step by step; what a step does is told in the module it comes from. What arrived together
is committed together: readings, ledger, newest values, touched stretches, health and quarantine.

Responsible for the order of the steps. Refuses to receive or to send (see ``worker``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final

import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.freshness import by_point, note_touched, update_latest
from shigotoba_backend.ingest.health import put_health
from shigotoba_backend.ingest.judge import Judged, Row, judge, point_keys
from shigotoba_backend.ingest.ledger import Claim, claim
from shigotoba_backend.ingest.mail import Arrival, Mail, Parcel, Refused, open_mail, refuse, sites_named
from shigotoba_backend.ingest.quarantine import Exhibit, put_exhibits
from shigotoba_backend.ingest.readings import copy_rows
from shigotoba_backend.ingest.receipts import Publication, receipts_for
from shigotoba_wire.errors import Refusal

log = logging.getLogger(__name__)

POISON: Final = (psycopg.DataError, psycopg.IntegrityError, ArithmeticError, ValueError, RecursionError)
"""What a message raises that no check foresaw. The database is well: trying again would only fail again."""


def store(
    conn: psycopg.Connection, catalogue: Catalogue, arrivals: Sequence[Arrival], now_ms: int
) -> list[Publication]:
    """Commits what arrived and returns the receipts to publish.

    Args:
        conn: In autocommit mode; the transaction is made here.
        catalogue: Of the same connection.
        arrivals: In order of arrival.
        now_ms: UTC milliseconds.
    """
    sites = catalogue.sites(sites_named(arrivals))
    mail = open_mail(arrivals, sites, now_ms)
    points = catalogue.points(point_keys(mail.parcels))
    judged = [judge(parcel, points, now_ms) for parcel in mail.parcels]
    catalogue.ensure_months(result.at_ms for each in judged for result in each.results if isinstance(result, Row))
    with conn.transaction():
        rows, doubtful = _claim_news(conn, judged)
        copy_rows(conn, rows)
        rows_of = by_point(rows)
        update_latest(conn, rows_of)
        note_touched(conn, rows_of)
        put_health(conn, mail.health)
        exhibits = [_exhibit(refused) for refused in mail.refused] + doubtful
        put_exhibits(conn, exhibits)
    _log_exhibits(exhibits)
    return receipts_for(mail)


def store_or_isolate(
    conn: psycopg.Connection, catalogue: Catalogue, arrivals: Sequence[Arrival], now_ms: int
) -> list[Publication]:
    """Like ``store``; a message that makes it fail is found by storing one at a time, and quarantined whole."""
    try:
        return store(conn, catalogue, arrivals, now_ms)
    except POISON as error:
        if len(arrivals) == 1:
            return _quarantine_poison(conn, arrivals[0], error)
    # A new catalogue for each, in case the old one remembered something that is no more.
    singles = [store_or_isolate(conn, Catalogue(conn), [arrival], now_ms) for arrival in arrivals]
    return [publication for publications in singles for publication in publications]


def _claim_news(conn: psycopg.Connection, judged: Sequence[Judged]) -> tuple[list[Row], list[Exhibit]]:
    news: list[Row | Exhibit] = []
    for each, spans in zip(judged, claim(conn, [_claim_of(each.parcel) for each in judged]), strict=True):
        first_seq = each.parcel.batch.first_seq
        for first, beyond in spans:
            news += each.results[first - first_seq : beyond - first_seq]
    return [item for item in news if isinstance(item, Row)], [item for item in news if isinstance(item, Exhibit)]


def _claim_of(parcel: Parcel) -> Claim:
    batch = parcel.batch
    return Claim((parcel.site_id, batch.sender, batch.epoch), batch.first_seq, batch.first_seq + len(batch.readings))


def _exhibit(refused: Refused) -> Exhibit:
    gateway = refused.channel.sender if refused.channel else ""
    return Exhibit(refused.topic, gateway, refused.reason, refused.detail, refused.payload)


def _quarantine_poison(conn: psycopg.Connection, arrival: Arrival, error: Exception) -> list[Publication]:
    refused = refuse(arrival, Refusal.MALFORMED, f"could not be stored: {error}")
    put_exhibits(conn, [_exhibit(refused)])
    _log_exhibits([_exhibit(refused)])
    return receipts_for(Mail([], [], [refused]))


def _log_exhibits(exhibits: Sequence[Exhibit]) -> None:
    if exhibits:
        counts = Counter(f"{exhibit.reason.value} from {exhibit.gateway or 'nobody known'}" for exhibit in exhibits)
        log.warning("quarantined: %s", ", ".join(f"{count} x {kind}" for kind, count in counts.items()))
