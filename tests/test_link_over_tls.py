"""A link over mutual TLS stays in the version of MQTT that can refuse, and remembers what was refused."""

import os
import signal
import threading
from ssl import SSLSocket
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessageInfo

from shigotoba_testing.authority import Platform, platform
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Session
from shigotoba_wire.link import HANDSHAKE_S, Link

__all__ = ["platform"]

pytestmark = pytest.mark.integration


def test_a_refusal_that_overtakes_its_question_is_noted_though_the_connection_it_ended_is_gone(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = Client.publish

    def slow(client: Client, *arguments: Any, **more: Any) -> MQTTMessageInfo:
        asked_on = link.connection
        info = publish(client, *arguments, **more)
        until(lambda: link.connection not in {None, asked_on}, what="the connection after the one that was refused")
        return info

    monkeypatch.setattr(Client, "publish", slow)
    link = Link(platform.identity("gw-1"), Session("gw-1"), lambda _delivery: None)
    link.start()
    until(lambda: link.publish("elsewhere", b""), what="a connection")
    until(lambda: link.denied == {"elsewhere"}, what="the refusal")
    link.stop()


def test_a_broker_that_has_its_hands_full_is_still_spoken_to_in_the_version_that_can_refuse(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, resumes = Client.connect, threading.Timer(HANDSHAKE_S + 1, os.kill, (platform.pid, signal.SIGCONT))

    def into_silence(client: Client, *arguments: Any, **more: Any) -> None:
        connect(client, *arguments, **more)
        if not resumes.is_alive() and not resumes.finished.is_set():
            os.kill(platform.pid, signal.SIGSTOP)
            resumes.start()

    monkeypatch.setattr(Client, "connect", into_silence)
    link = Link(platform.identity("gw-1"), Session("gw-1"), lambda _delivery: None)
    link.start()
    until(lambda: link.publish("elsewhere", b""), what="a connection")
    until(lambda: link.denied == {"elsewhere"}, what="the refusal, which MQTT 3.1.1 cannot say")
    link.stop()


def test_a_broker_that_starts_again_between_our_question_and_its_answer_is_still_spoken_to_in_that_version(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    shake, connect, asked = SSLSocket.do_handshake, Client.connect, threading.Event()

    def then_silence(sock: SSLSocket, *arguments: Any) -> None:
        shake(sock, *arguments)
        if not asked.is_set():
            os.kill(platform.pid, signal.SIGSTOP)

    def into_a_start(client: Client, *arguments: Any, **more: Any) -> None:
        connect(client, *arguments, **more)
        if not asked.is_set():
            asked.set()
            os.kill(platform.pid, signal.SIGKILL)
            platform.stop()
            platform.start()

    monkeypatch.setattr(SSLSocket, "do_handshake", then_silence)
    monkeypatch.setattr(Client, "connect", into_a_start)
    link = Link(platform.identity("gw-1"), Session("gw-1"), lambda _delivery: None)
    link.start()
    until(lambda: link.publish("elsewhere", b""), what="a connection")
    until(lambda: link.denied == {"elsewhere"}, what="the refusal, which MQTT 3.1.1 cannot say")
    link.stop()
