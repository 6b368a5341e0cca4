"""Receipts, health and configuration: what is encoded is decoded, and nonsense has one error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.booths import decode_display, decode_events, decode_schedule
from shigotoba_wire.commands import decode_commands, decode_result
from shigotoba_wire.downlink import DesiredConfig, decode_config, encode_config
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.health import (
    AgentHealth,
    DeviceHealth,
    DriverHealth,
    DriverState,
    GatewayHealth,
    decode_agent_health,
    decode_gateway_health,
    encode_health,
)
from shigotoba_wire.points import VOCABULARY, Kind, fits
from shigotoba_wire.receipts import Receipt, Rejection, Span, decode_receipt, encode_receipt

numbers = st.integers(0, 2**53)
spans = st.builds(Span, st.integers(1, 2**62 - 1), st.integers(1, 2**62 - 1))
receipts = st.builds(
    Receipt,
    st.text(),
    st.lists(spans).map(tuple),
    st.lists(st.builds(Rejection, st.text(), st.text(), st.text())).map(tuple),
)
drivers = st.builds(
    DriverHealth,
    st.text(),
    st.sampled_from(DriverState),
    numbers,
    st.dictionaries(st.text(), numbers),
    numbers,
    st.text(),
)
devices = st.builds(DeviceHealth, st.text(), numbers, st.none() | st.integers(-120, 20), st.none() | st.floats(0, 100))
agents = st.builds(
    AgentHealth,
    st.text(),
    numbers,
    numbers,
    st.text(),
    numbers,
    numbers,
    st.lists(drivers, max_size=3).map(tuple),
    st.lists(devices, max_size=3).map(tuple),
)
gateways = st.builds(
    GatewayHealth,
    gateway=st.text(),
    at_ms=numbers,
    started_at_ms=numbers,
    epoch=st.text(),
    next_seq=numbers,
    waiting=numbers,
    set_aside=numbers,
    refused=st.dictionaries(st.text(), numbers),
    config_version=numbers,
    agents=st.lists(agents, max_size=2).map(tuple),
)
configs = st.builds(DesiredConfig, st.integers(1, 2**53), st.floats(1, 3600))

DECODERS = [
    decode_receipt,
    decode_agent_health,
    decode_gateway_health,
    decode_config,
    decode_schedule,
    decode_events,
    decode_display,
    decode_commands,
    decode_result,
]


@given(receipts)
def test_a_receipt_survives_the_way_there_and_back(receipt: Receipt) -> None:
    assert decode_receipt(encode_receipt(receipt)) == receipt


@given(agents, gateways)
def test_health_survives_the_way_there_and_back(agent: AgentHealth, gateway: GatewayHealth) -> None:
    assert decode_agent_health(encode_health(agent)) == agent
    assert decode_gateway_health(encode_health(gateway)) == gateway


@given(configs)
def test_a_configuration_survives_the_way_there_and_back(config: DesiredConfig) -> None:
    assert decode_config(encode_config(config)) == config


@pytest.mark.parametrize("decode", DECODERS)
@given(payload=st.binary(max_size=60))
def test_random_bytes_have_one_error(decode, payload: bytes) -> None:
    with pytest.raises(MessageError) as caught:
        decode(payload)
    assert caught.value.reason is Refusal.MALFORMED


@pytest.mark.parametrize(
    "payload", [b'{"epoch":"e","stored":[[0,1]]}', b'{"epoch":"e","stored":[[1,0]]}', b'{"epoch":"e","stored":[[1]]}']
)
def test_a_receipt_for_impossible_numbers_is_refused(payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode_receipt(payload)


@pytest.mark.parametrize("payload", [b'{"version":0}', b'{"version":1,"health_every_s":0.1}', b'{"version":"1"}'])
def test_a_configuration_out_of_range_is_refused(payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode_config(payload)


def test_every_point_accepts_only_its_own_kind_of_value() -> None:
    samples = {Kind.TRUTH: True, Kind.NUMBER: 3.5, Kind.TEXT: "AI"}
    for name, point in VOCABULARY.items():
        assert [kind for kind, value in samples.items() if fits(name, value)] == [point.kind]


def test_a_point_outside_the_vocabulary_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        fits("phlogiston", 1)
