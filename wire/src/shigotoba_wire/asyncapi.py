"""The contract as an AsyncAPI 3.0 document, generated from the message structs.

``python -m shigotoba_wire.asyncapi > docs/asyncapi.yaml``; a test compares. Written as JSON, which is YAML, so that no
library is needed on a Raspberry Pi.

Responsible for the document. Refuses to be used at run time.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import msgspec

from shigotoba_wire import topics
from shigotoba_wire.booths import BoothDisplay, BoothEvents, BoothSchedule
from shigotoba_wire.commands import CommandResult, Commands
from shigotoba_wire.downlink import DesiredConfig, TurnedAway
from shigotoba_wire.health import AgentHealth, GatewayHealth
from shigotoba_wire.pack import MAX_PAYLOAD_BYTES, Record
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.receipts import Receipt

Json = dict[str, Any]

SCHEMAS: Final = "#/components/schemas/"
BUCKET: Final = "First hexadecimal digit of the SHA-256 of the gateway's name; it decides the ingest shard."
SITE: Final = "The site."
GATEWAY: Final = "The gateway; also its user name at the broker, which lets it use no other branch."
BOOTH: Final = "Code of the booth."
AGENT: Final = "The edge agent; also its user name at the gateway's local broker."

MESSAGES: Final[dict[str, Json]] = {
    "batch": {
        "title": "Readings, numbered",
        "contentType": "application/senml+json",
        "summary": "A SenML pack (RFC 8428). The first record carries bn 'scope/sender/', bt, ep (epoch) and sq "
        f"(sequence number of the first record); n is 'device/point'. At most {MAX_PAYLOAD_BYTES} bytes.",
        "payload": {"type": "array", "minItems": 1, "items": {"$ref": f"{SCHEMAS}Record"}},
    },
    "receipt": {
        "title": "Receipt",
        "contentType": "application/json",
        "summary": "What has been committed, and which payloads are refused. Only a receipt lets a sender forget.",
        "payload": {"$ref": f"{SCHEMAS}Receipt"},
    },
    "agentHealth": {
        "title": "Health of an edge agent",
        "contentType": "application/json",
        "payload": {"$ref": f"{SCHEMAS}AgentHealth"},
    },
    "gatewayHealth": {
        "title": "Health of a gateway",
        "contentType": "application/json",
        "payload": {"$ref": f"{SCHEMAS}GatewayHealth"},
    },
    "desiredConfig": {
        "title": "Desired configuration",
        "contentType": "application/json",
        "summary": "Retained. Applied if its version is higher than that in force; answered in the gateway's health.",
        "payload": {"$ref": f"{SCHEMAS}DesiredConfig"},
    },
    "turnedAway": {
        "title": "Another process speaks for the gateway",
        "contentType": "application/json",
        "summary": "Not retained; said whenever a second machine under the name speaks. Its batches are put off.",
        "payload": {"$ref": f"{SCHEMAS}TurnedAway"},
    },
    "boothSchedule": {
        "title": "Booths of the next 24 hours",
        "contentType": "application/json",
        "summary": "Retained and whole. Taken if its version is higher than that in force.",
        "payload": {"$ref": f"{SCHEMAS}BoothSchedule"},
    },
    "boothEvents": {
        "title": "What was decided at booths",
        "contentType": "application/json",
        "summary": "Numbered within the epoch, said again until a receipt covers the numbers.",
        "payload": {"$ref": f"{SCHEMAS}BoothEvents"},
    },
    "boothDisplay": {
        "title": "What a booth's display shows",
        "contentType": "application/json",
        "summary": "Retained on the gateway's local broker.",
        "payload": {"$ref": f"{SCHEMAS}BoothDisplay"},
    },
    "commands": {
        "title": "Open commands",
        "contentType": "application/json",
        "summary": "Upstream retained and whole: each is carried out once and answered in the gateway's health. On "
        "the local broker passed on until the agent answers.",
        "payload": {"$ref": f"{SCHEMAS}Commands"},
    },
    "commandResult": {
        "title": "What became of a command",
        "contentType": "application/json",
        "payload": {"$ref": f"{SCHEMAS}CommandResult"},
    },
}


def document() -> Json:
    """The AsyncAPI document."""
    channels = _upstream_channels() | _local_channels()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Shigotoba on MQTT",
            "version": "1.0.0",
            "description": "All messages are QoS 1, over MQTT 5 or 3.1.1. Delivery is at least once; sequence numbers "
            "make the effect exactly once. Generated from shigotoba_wire; do not edit.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": {name: _operation(name, channel["address"]) for name, channel in channels.items()},
        "components": {"messages": MESSAGES, "schemas": _schemas() | {"Points": _points()}},
    }


def _upstream_channels() -> dict[str, Json]:
    base = f"{topics.ROOT}/{{bucket}}/{{site}}/{{gateway}}"
    parameters = {"bucket": BUCKET, "site": SITE, "gateway": GATEWAY}
    return {
        "gatewayReadings": _channel(f"{base}/up/{topics.READINGS}", parameters, "batch"),
        "gatewayHealth": _channel(f"{base}/up/{topics.HEALTH}", parameters, "gatewayHealth"),
        "gatewayReceipts": _channel(f"{base}/down/{topics.RECEIPTS}", parameters, "receipt"),
        "gatewayConfig": _channel(f"{base}/down/{topics.CONFIG}", parameters, "desiredConfig"),
        "gatewayTurnedAway": _channel(f"{base}/down/{topics.TURNED_AWAY}", parameters, "turnedAway"),
        "gatewaySchedule": _channel(f"{base}/down/{topics.SCHEDULE}", parameters, "boothSchedule"),
        "gatewayEvents": _channel(f"{base}/up/{topics.EVENTS}", parameters, "boothEvents"),
        "gatewayEventReceipts": _channel(f"{base}/down/{topics.EVENT_RECEIPTS}", parameters, "receipt"),
        "gatewayCommands": _channel(f"{base}/down/{topics.COMMANDS}", parameters, "commands"),
    }


def _local_channels() -> dict[str, Json]:
    base = f"{topics.ROOT}/{topics.LOCAL}/{{gateway}}/{{agent}}"
    parameters = {"gateway": GATEWAY, "agent": AGENT}
    return {
        "agentReadings": _channel(f"{base}/up/{topics.READINGS}", parameters, "batch"),
        "agentHealth": _channel(f"{base}/up/{topics.HEALTH}", parameters, "agentHealth"),
        "agentReceipts": _channel(f"{base}/down/{topics.RECEIPTS}", parameters, "receipt"),
        "agentCommands": _channel(f"{base}/down/{topics.COMMANDS}", parameters, "commands"),
        "agentResults": _channel(f"{base}/up/{topics.RESULTS}", parameters, "commandResult"),
        "boothDisplay": _channel(
            topics.display("{gateway}", "{booth}"), {"gateway": GATEWAY, "booth": BOOTH}, "boothDisplay"
        ),
    }


def _channel(address: str, parameters: dict[str, str], message: str) -> Json:
    return {
        "address": address,
        "parameters": {name: {"description": text} for name, text in parameters.items()},
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
    }


def _operation(channel: str, address: str) -> Json:
    """Seen from the backend and the gateway: what goes up is received, what goes down is sent."""
    action = "send" if "/down/" in address else "receive"
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "bindings": {"mqtt": {"qos": 1}}}


def _schemas() -> Json:
    kinds = [Record, Receipt, AgentHealth, GatewayHealth, DesiredConfig, TurnedAway]
    kinds += [BoothSchedule, BoothEvents, BoothDisplay, Commands, CommandResult]
    _, components = msgspec.json.schema_components(kinds, ref_template=f"{SCHEMAS}{{name}}")
    return components


def _points() -> Json:
    known = {name: {"kind": p.kind.value, "unit": p.unit, "meaning": p.meaning} for name, p in VOCABULARY.items()}
    return {"description": "The vocabulary of points.", "type": "string", "enum": list(known), "x-points": known}


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
