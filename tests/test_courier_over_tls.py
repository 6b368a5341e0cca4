"""The way from a gateway to the platform over mutual TLS: nothing is lost, and every refusal is said in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Running
from shigotoba_testing.authority import DAY, Platform, make_platform, platform
from shigotoba_testing.waiting import until
from shigotoba_wire.courier import Courier
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import HEALTH, READINGS, RECEIPTS, parse_up, shard_filters, upstream

__all__ = ["platform"]

pytestmark = pytest.mark.integration

CHANNEL = upstream("honcho", "gw-1")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox.open(tmp_path / "outbox.sqlite", "honcho", "gw-1")
    yield box
    box.close()


class Carrier:
    """A courier for the length of a ``with``."""

    def __init__(self, outbox: Outbox, broker: Broker) -> None:
        self.courier = Courier(outbox, broker, CHANNEL)

    def __enter__(self) -> Courier:
        self.courier.start()
        return self.courier

    def __exit__(self, *_: object) -> None:
        self.courier.stop()


def readings(count: int) -> list[Reading]:
    return [Reading("d", "count", number, 1_795_000_000_000) for number in range(count)]


def store(inbox: Inbox, values: dict[int, object]) -> None:
    """Store what has arrived, as the ingest worker does."""
    for delivery in inbox.take(100, within_s=0.2):
        channel, kind = parse_up(delivery.topic)
        if kind == READINGS:
            batch = decode_batch(delivery.payload)
            values |= {batch.first_seq + i: reading.value for i, reading in enumerate(batch.readings)}
            receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
            inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))
        inbox.acknowledge([delivery])


def test_readings_arrive_and_receipts_return_over_mutual_tls(platform: Platform, outbox: Outbox) -> None:
    values: dict[int, object] = {}
    inbox = Inbox(platform.identity("ingest"), "ingest-0", shard_filters(0, 1))
    inbox.start()
    with Carrier(outbox, platform.identity("gw-1")) as courier:
        for _ in range(10):
            outbox.append(readings(30))
            store(inbox, values)
        platform.stop()
        outbox.append(readings(30))
        platform.start()
        while outbox.waiting():
            store(inbox, values)
        assert courier.sight().receipt_at_s is not None
        assert courier.sight().unanswered_since_s is None
    inbox.stop()
    assert sorted(values) == list(range(1, 331))


def trouble(outbox: Outbox, broker: Broker, wanted: str) -> str:
    """What the courier says of a broker that does not let it in."""
    with Carrier(outbox, broker) as courier:
        until(lambda: wanted in courier.sight().trouble, within_s=60, what=wanted)
        assert not courier.connected
        return courier.sight().trouble


def test_an_expired_certificate_is_refused_and_said(platform: Platform, outbox: Outbox) -> None:
    expired = platform.identity("gw-1", life=DAY, begins=datetime.now(UTC) - 2 * DAY)
    assert "new invitation" in trouble(outbox, expired, "our certificate has expired")


def test_a_certificate_of_tomorrow_is_refused_with_a_word_about_clocks(platform: Platform, outbox: Outbox) -> None:
    trouble(outbox, platform.identity("gw-1", begins=datetime.now(UTC) + DAY), "is its clock right?")


def test_a_revoked_certificate_is_refused_and_said(platform: Platform, outbox: Outbox) -> None:
    lost = platform.identity("gw-1")
    assert lost.cert_file is not None
    platform.revoke(x509.load_pem_x509_certificate(lost.cert_file.read_bytes()).serial_number)
    platform.reload()
    assert "new invitation" in trouble(outbox, lost, "our certificate has been revoked")
    with Carrier(outbox, platform.identity("gw-1")) as courier:
        until(lambda: courier.connected)


def test_another_authority_is_trusted_by_neither_side(platform: Platform, outbox: Outbox, tmp_path: Path) -> None:
    other = make_platform(tmp_path, [])
    stranger = other.identity("gw-1")
    at_ours = Broker(
        HOST,
        platform.port,
        ca_file=platform.directory / "ca.pem",
        cert_file=stranger.cert_file,
        key_file=stranger.key_file,
    )
    trouble(outbox, at_ours, "does not know the authority")
    trusting_theirs = Broker(
        HOST, platform.port, ca_file=tmp_path / "ca.pem", cert_file=stranger.cert_file, key_file=stranger.key_file
    )
    trouble(outbox, trusting_theirs, "not from our authority")


def test_no_certificate_is_not_enough(platform: Platform, outbox: Outbox) -> None:
    nameless = Broker(HOST, platform.port, username="gw-1", ca_file=platform.directory / "ca.pem")
    trouble(outbox, nameless, "wants a certificate of ours")


def heard_of_itself(courier: Courier) -> bool:
    """Whether its own health came back, said as often as asked, as a gateway does."""
    courier.publish(HEALTH, b"{}")
    return courier.sight().echoed_at_s is not None


def test_taking_the_rights_away_silences_a_living_connection_at_once(platform: Platform, outbox: Outbox) -> None:
    with Carrier(outbox, platform.identity("gw-2")) as courier:
        until(lambda: courier.connected)
    with Carrier(outbox, platform.identity("gw-1")) as courier:
        until(lambda: courier.connected)
        until(lambda: heard_of_itself(courier), what="our own health")
        platform.admit("gw-2")
        platform.reload()
        outbox.append(readings(1))
        until(lambda: CHANNEL.up(READINGS) in courier.sight().denied, what="the refusal")
        platform.admit("gw-1", "gw-2")
        platform.reload()
        until(lambda: not courier.sight().denied, what="the refusal's end")


def test_where_a_denied_message_is_acknowledged_our_own_health_does_not_come_back(
    outbox: Outbox, tmp_path: Path
) -> None:
    """The embedded broker speaks MQTT 3.1.1 alone; its rules do not know this gateway's topics."""
    places = brokers.BrokerPlaces("broker", tmp_path / "broker", tmp_path / "secrets", free_ports(1)[0])
    user = brokers.User("gw-1", may_write=["elsewhere/#"], may_read=[f"{CHANNEL.base}/#"])
    (tmp_path / "broker").mkdir()
    running = Running(brokers.broker_program(brokers.Kind.AMQTT, places, [user]), tmp_path / "broker.log")
    running.wait_ready()
    settings = Broker(HOST, places.port, "gw-1", places.password_file("gw-1"))
    with Carrier(outbox, settings) as courier:
        until(lambda: courier.connected)
        outbox.append(readings(1))
        courier.publish(HEALTH, b"{}")
        until(lambda: courier.sight().unanswered_since_s is not None)
        sight = courier.sight()
    running.stop()
    assert (sight.denied, sight.echoed_at_s, sight.receipt_at_s) == (frozenset(), None, None)


def test_a_life_is_never_longer_than_the_authoritys(platform: Platform) -> None:
    identity = platform.identity("gw-1", life=timedelta(days=365 * 40))
    assert identity.cert_file is not None
    certificate = x509.load_pem_x509_certificate(identity.cert_file.read_bytes())
    assert certificate.not_valid_after_utc == platform.authority.certificate.not_valid_after_utc
