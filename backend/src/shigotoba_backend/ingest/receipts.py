"""Receipts for what was committed or refused.

A second machine under a gateway's name is told that it is turned away, and that its batches are put off; the first is
told of it.

Responsible for who is told what. Refuses to know whether a batch was new: a repeat means that the earlier receipt was
lost, so it gets one as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from shigotoba_backend.ingest.mail import DecisionNote, Mail, Parcel, Refused
from shigotoba_backend.ingest.quarantine import MAX_DETAIL
from shigotoba_backend.ingest.tenure import Turned, Twin
from shigotoba_wire.downlink import TurnedAway, encode_turned_away
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of, encode_receipt
from shigotoba_wire.topics import EVENT_RECEIPTS, RECEIPTS, TURNED_AWAY, Channel


class Publication(NamedTuple):
    """Something to publish."""

    topic: str
    payload: bytes


NOBODY: Final = Turned()


def receipts_for(mail: Mail, turned: Turned = NOBODY) -> list[Publication]:
    """One receipt for each epoch's batches, and one for each sender's refused payloads."""
    batches: defaultdict[tuple[Channel, str], list[Parcel]] = defaultdict(list)
    for parcel in mail.parcels:
        batches[parcel.channel, parcel.batch.epoch].append(parcel)
    rejected: defaultdict[Channel, list[Rejection]] = defaultdict(list)
    for refused in mail.refused:
        if refused.channel is not None:
            rejected[refused.channel].append(_rejection(refused))
    publications = [_publication(channel, _receipt(epoch, some, turned)) for (channel, epoch), some in batches.items()]
    publications += [_decisions_kept(note) for note in mail.decisions if not turned.decisions(note)]
    publications += [_told(twin) for twin in turned.twins]
    return publications + [_publication(channel, Receipt("", (), tuple(all_))) for channel, all_ in rejected.items()]


def _receipt(epoch: str, parcels: Sequence[Parcel], turned: Turned) -> Receipt:
    spans = tuple(_span(parcel) for parcel in parcels)
    return Receipt(epoch, deferred=spans) if turned.parcel(parcels[0]) else Receipt(epoch, spans)


def _told(twin: Twin) -> Publication:
    message = TurnedAway(twin.instance, round(twin.since.timestamp() * 1000))
    return Publication(twin.channel.down(TURNED_AWAY), encode_turned_away(message))


def _decisions_kept(note: DecisionNote) -> Publication:
    receipt = Receipt(note.events.epoch, tuple(Span(event.number, 1) for event in note.events.events))
    return Publication(note.channel.down(EVENT_RECEIPTS), encode_receipt(receipt))


def _span(parcel: Parcel) -> Span:
    return Span(parcel.batch.first_seq, len(parcel.batch.names))


def _rejection(refused: Refused) -> Rejection:
    return Rejection(digest_of(refused.payload), refused.reason.value, refused.detail[:MAX_DETAIL])


def _publication(channel: Channel, receipt: Receipt) -> Publication:
    return Publication(channel.down(RECEIPTS), encode_receipt(receipt))
