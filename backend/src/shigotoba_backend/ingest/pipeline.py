"""The life of a batch, from the bytes that arrived to the receipt.

``store`` is the whole of it, step by step; what a step does is told in the module it comes from. What arrived together
is committed together: readings, ledger, newest values, touched stretches, health, booths' decisions and
quarantine. What comes from a second machine under a gateway's name is put off.

Responsible for the order of the steps. Refuses to receive or to send (see ``worker``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.decisions import put_decisions
from shigotoba_backend.ingest.health import put_health
from shigotoba_backend.ingest.judge import Judged, judge, points_named
from shigotoba_backend.ingest.ledger import Claim, Span, claim
from shigotoba_backend.ingest.load import Load, load_of, put_load
from shigotoba_backend.ingest.mail import Arrival, Mail, Parcel, Refused, open_mail, refuse, sites_named
from shigotoba_backend.ingest.ordered import Ordered, in_order
from shigotoba_backend.ingest.quarantine import Exhibit, put_exhibits
from shigotoba_backend.ingest.receipts import Publication, receipts_for
from shigotoba_backend.ingest.tenure import Turned, turn_away
from shigotoba_wire.errors import Refusal
from shigotoba_wire.logs import batch_at, batch_name

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
    prepared = prepare(catalogue, arrivals, now_ms)
    return receipts_for(prepared.mail, commit(conn, prepared, now_ms))


@dataclass(frozen=True)
class Prepared:
    """What arrived, opened and judged, and what it changes if all of it is new."""

    mail: Mail
    judged: Sequence[Judged]
    rows: Ordered
    load: Load


def prepare(catalogue: Catalogue, arrivals: Sequence[Arrival], now_ms: int) -> Prepared:
    """All that can be done about arrivals outside the transaction."""
    mail = open_mail(arrivals, catalogue.sites(sites_named(arrivals)), now_ms)
    points = catalogue.points(points_named(mail.parcels))
    judged = [judge(parcel, points, now_ms) for parcel in mail.parcels]
    rows = in_order([each.rows for each in judged])
    catalogue.ensure_months(rows.ats_ms)
    return Prepared(mail, judged, rows, load_of(rows))


def commit(conn: psycopg.Connection, prepared: Prepared, now_ms: int) -> Turned:
    """Everything that what arrived changes, in one transaction; returns whose words changed nothing."""
    mail = prepared.mail
    with conn.transaction():
        turned = turn_away(conn, mail.health, now_ms)
        prepared = _without(prepared, turned)
        claims = [_claim_of(each.parcel) for each in prepared.judged]
        news = claim(conn, claims)
        load, doubtful = _new_of(prepared, claims, news)
        put_load(conn, load)
        put_health(conn, [note for note in mail.health if not turned.health(note)])
        put_decisions(conn, [note for note in mail.decisions if not turned.decisions(note)])
        exhibits = [_exhibit(refused) for refused in mail.refused] + doubtful
        put_exhibits(conn, exhibits)
    _say_stored(prepared, news)
    _log_exhibits(exhibits)
    return turned


def _without(prepared: Prepared, turned: Turned) -> Prepared:
    judged = [each for each in prepared.judged if not turned.parcel(each.parcel)]
    if len(judged) == len(prepared.judged):
        return prepared
    rows = in_order([each.rows for each in judged])
    return Prepared(prepared.mail, judged, rows, load_of(rows))


def store_or_isolate(
    conn: psycopg.Connection, catalogue: Catalogue, arrivals: Sequence[Arrival], now_ms: int
) -> list[Publication]:
    """Like ``store``; a message that makes it fail is found by halving, and quarantined whole."""
    return commit_or_isolate(conn, arrivals, lambda: prepare(catalogue, arrivals, now_ms), now_ms)


def commit_or_isolate(
    conn: psycopg.Connection, arrivals: Sequence[Arrival], preparing: Callable[[], Prepared], now_ms: int
) -> list[Publication]:
    """Like ``store_or_isolate`` for arrivals that are being prepared elsewhere.

    Args:
        conn: As in ``store``.
        arrivals: As in ``store``.
        preparing: Waits for what became of them, or raises what ``prepare`` raised.
        now_ms: As in ``store``.
    """
    try:
        prepared = preparing()
        turned = commit(conn, prepared, now_ms)
    except POISON as error:
        if len(arrivals) == 1:
            return _quarantine_poison(conn, arrivals[0], error)
    else:
        return receipts_for(prepared.mail, turned)
    # A new catalogue for each, in case the old one remembered something that is no more.
    middle = len(arrivals) // 2
    halves = [store_or_isolate(conn, Catalogue(conn), half, now_ms) for half in (arrivals[:middle], arrivals[middle:])]
    return halves[0] + halves[1]


def _new_of(prepared: Prepared, claims: Sequence[Claim], news: Sequence[Sequence[Span]]) -> tuple[Load, list[Exhibit]]:
    told = zip(prepared.judged, news, strict=True)
    exhibits = [
        exhibit
        for each, spans in told
        for seq, exhibit in each.exhibits
        if any(first <= seq < beyond for first, beyond in spans)
    ]
    if news == [[(each.first, each.beyond)] for each in claims]:
        return prepared.load, exhibits
    return load_of(prepared.rows.numbered(news)), exhibits


def _claim_of(parcel: Parcel) -> Claim:
    batch = parcel.batch
    return Claim((parcel.site_id, batch.sender, batch.epoch), batch.first_seq, batch.first_seq + len(batch.names))


def _say_stored(prepared: Prepared, news: Sequence[Sequence[Span]]) -> None:
    for each, spans in zip(prepared.judged, news, strict=True):
        batch = each.parcel.batch
        name = batch_name(batch.scope, batch.sender, batch.epoch, batch.first_seq)
        batch_at("stored", name, readings=len(batch.names), new=sum(beyond - first for first, beyond in spans))


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
