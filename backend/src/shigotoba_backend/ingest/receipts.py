"""Receipts for what was committed or refused.

Responsible for who is told what. Refuses to know whether a batch was new: a repeat means that the earlier receipt was
lost, so it gets one as well.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from shigotoba_backend.ingest.mail import DecisionNote, Mail, Parcel, Refused
from shigotoba_backend.ingest.quarantine import MAX_DETAIL
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of, encode_receipt
from shigotoba_wire.topics import EVENT_RECEIPTS, RECEIPTS, Channel


class Publication(NamedTuple):
    """Something to publish."""

    topic: str
    payload: bytes


def receipts_for(mail: Mail) -> list[Publication]:
    """One receipt for each epoch's batches, and one for each sender's refused payloads."""
    stored: defaultdict[tuple[Channel, str], list[Span]] = defaultdict(list)
    for parcel in mail.parcels:
        stored[parcel.channel, parcel.batch.epoch].append(_span(parcel))
    rejected: defaultdict[Channel, list[Rejection]] = defaultdict(list)
    for refused in mail.refused:
        if refused.channel is not None:
            rejected[refused.channel].append(_rejection(refused))
    publications = [_publication(channel, Receipt(epoch, tuple(spans))) for (channel, epoch), spans in stored.items()]
    publications += [_decisions_kept(note) for note in mail.decisions]
    return publications + [_publication(channel, Receipt("", (), tuple(all_))) for channel, all_ in rejected.items()]


def _decisions_kept(note: DecisionNote) -> Publication:
    receipt = Receipt(note.events.epoch, tuple(Span(event.number, 1) for event in note.events.events))
    return Publication(note.channel.down(EVENT_RECEIPTS), encode_receipt(receipt))


def _span(parcel: Parcel) -> Span:
    return Span(parcel.batch.first_seq, len(parcel.batch.names))


def _rejection(refused: Refused) -> Rejection:
    return Rejection(digest_of(refused.payload), refused.reason.value, refused.detail[:MAX_DETAIL])


def _publication(channel: Channel, receipt: Receipt) -> Publication:
    return Publication(channel.down(RECEIPTS), encode_receipt(receipt))
