"""MQTT brokers on this machine: mosquitto where it is installed, else the embedded amqtt, behind one shape.

Both check a password and the topics of every user, listen on 127.0.0.1 only and keep sessions while they run. Neither
is trusted to keep messages: that is what receipts are for (research/mqtt.md section 0).
"""

from __future__ import annotations

from shigotoba_standalone.brokers.access import User, local_users, upstream_users
from shigotoba_standalone.brokers.choice import Kind, choose
from shigotoba_standalone.brokers.places import BrokerPlaces, TlsDoor, broker_program

__all__ = ["BrokerPlaces", "Kind", "TlsDoor", "User", "broker_program", "choose", "local_users", "upstream_users"]
