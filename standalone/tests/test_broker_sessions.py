"""Sessions of a broker whose disk was full while it wrote them down."""

from __future__ import annotations

from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from shigotoba_standalone import brokers
from shigotoba_standalone.brokers.sessions import is_whole, set_broken_aside
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Running

HEAD = b"\x00\xb5\x00mosquitto db" + bytes(4) + (6).to_bytes(4)


@given(st.lists(st.binary(max_size=50), max_size=5), st.data())
def test_only_a_file_that_ends_between_chunks_is_whole(chunks: list[bytes], data: st.DataObject) -> None:
    kept, ends = HEAD, {0, len(HEAD)}
    for chunk in chunks:
        kept += (1).to_bytes(4) + len(chunk).to_bytes(4) + chunk
        ends.add(len(kept))
    cut = data.draw(st.integers(0, len(kept)))
    assert is_whole(kept[:cut]) == (cut in ends)


def test_a_file_of_another_version_is_left_to_mosquitto(tmp_path: Path) -> None:
    file = tmp_path / "mosquitto.db"
    file.write_bytes(HEAD[:-1] + b"\x09 and then something")
    set_broken_aside(file)
    assert file.exists()


@pytest.mark.integration
def test_a_broker_starts_from_sessions_that_a_full_disk_cut_off(tmp_path: Path) -> None:
    if brokers.choose() is not brokers.Kind.MOSQUITTO:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    places = brokers.BrokerPlaces("broker", tmp_path / "broker", tmp_path / "secrets", free_ports(1)[0])
    program = brokers.broker_program(brokers.Kind.MOSQUITTO, places, brokers.local_users("gw", ["agent"]))
    kept = places.directory / "mosquitto.db"
    first = Running(program, tmp_path / "log")
    first.wait_ready()
    _leave_a_session(places)
    first.stop()
    assert is_whole(kept.read_bytes())
    kept.write_bytes(kept.read_bytes()[:-5])
    second = Running(program, tmp_path / "log")
    second.wait_ready()
    second.stop()
    assert kept.with_name("mosquitto.db.broken").exists()


def _leave_a_session(places: brokers.BrokerPlaces) -> None:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "agent", clean_session=False)
    client.username_pw_set("agent", places.password_file("agent").read_text().strip())
    client.connect(HOST, places.port)
    while not client.is_connected():
        client.loop()
    client.disconnect()
