"""What Home Assistant is told of a sensor: the discovery payload of one point of one device.

After Home Assistant's documentation of MQTT discovery: ``{prefix}/{component}/{node}/{object}/config``, retained; an
empty payload takes the entity back.

Responsible for topics and payloads. Pure; refuses to publish.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from shigotoba_wire.points import VOCABULARY, Kind
from shigotoba_wire.readings import Value

STATES: Final = "shigotoba/state"
"""Where the gateway says its sensors' states for Home Assistant: ``shigotoba/state/{gateway}/{device}/{point}``."""

COMPONENTS: Final = {Kind.TRUTH: "binary_sensor", Kind.NUMBER: "sensor", Kind.TEXT: "event"}
DEVICE_CLASSES: Final = {
    "occupancy": "occupancy",
    "motion": "motion",
    "contact": "opening",
    "button": "button",
    "battery_pct": "battery",
    "voltage_v": "voltage",
}
UNITS: Final = {"%EL": "%", "V": "V"}
EVENTS: Final = (
    *("AI", "AO", "BI", "BO", "released", "press", "double", "triple"),
    *("long", "long_double", "long_triple", "hold", "hold_release"),
)
_NOT_IN_AN_ID: Final = re.compile(r"[^A-Za-z0-9_-]")


class Entity(msgspec.Struct, frozen=True):
    """One point of one device, as Home Assistant sees it."""

    gateway: str
    device: str
    point: str

    @property
    def component(self) -> str:
        """Home Assistant's kind of entity."""
        return COMPONENTS[VOCABULARY[self.point].kind]

    def config_topic(self, prefix: str) -> str:
        """Where it is announced."""
        identity = f"{_identifier(self.device)}_{self.point}"
        return f"{prefix}/{self.component}/{_identifier(self.gateway)}/{identity}/config"

    @property
    def state_topic(self) -> str:
        """Where its states are said."""
        return f"{STATES}/{self.gateway}/{self.device}/{self.point}"

    def config(self, expire_after_s: int) -> bytes:
        """The announcement."""
        table: dict[str, Any] = {
            "name": self.point,
            "unique_id": f"shigotoba_{_identifier(self.gateway)}_{_identifier(self.device)}_{self.point}",
            "state_topic": self.state_topic,
            "device": {
                "identifiers": [f"shigotoba_{self.gateway}_{self.device}"],
                "name": self.device,
                "via_device": f"shigotoba_{self.gateway}",
            },
            "origin": {"name": "Shigotoba"},
        }
        if self.point in DEVICE_CLASSES:
            table["device_class"] = DEVICE_CLASSES[self.point]
        return msgspec.json.encode(table | self._own_keys(expire_after_s))

    def _own_keys(self, expire_after_s: int) -> dict[str, Any]:
        match VOCABULARY[self.point].kind:
            case Kind.TRUTH:
                return {"payload_on": "ON", "payload_off": "OFF", "expire_after": expire_after_s}
            case Kind.TEXT:
                return {"event_types": EVENTS}
            case Kind.NUMBER:
                unit = UNITS.get(VOCABULARY[self.point].unit)
                return {"expire_after": expire_after_s} | ({"unit_of_measurement": unit} if unit else {})

    def state(self, value: Value) -> bytes:
        """A state, as the announcement says that it is said."""
        if isinstance(value, bool):
            # Home Assistant's "opening" is on when open; our contact is true when closed.
            on = value is not (self.point == "contact")
            return b"ON" if on else b"OFF"
        if isinstance(value, str):
            return msgspec.json.encode({"event_type": value})
        return msgspec.json.encode(value)


def own_filter(prefix: str, gateway: str) -> str:
    """Subscription to all announcements of this gateway."""
    return f"{prefix}/+/{_identifier(gateway)}/+/config"


def _identifier(name: str) -> str:
    """A name with the characters that Home Assistant allows in a topic's node and object."""
    return _NOT_IN_AN_ID.sub("_", name)
