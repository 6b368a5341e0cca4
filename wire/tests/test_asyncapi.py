import json
from pathlib import Path

import yaml

from shigotoba_wire.asyncapi import document
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.topics import local, parse_up, upstream

PUBLISHED = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in references(value)]
    return []


def test_the_published_contract_is_the_one_the_structs_say() -> None:
    assert yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")) == json.loads(json.dumps(document())), "run: make docs"


def test_every_reference_in_the_contract_leads_somewhere() -> None:
    contract = document()
    for reference in references(contract):
        node: object = contract
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(node, dict)
            node = node[step]


def test_the_addresses_in_the_contract_are_the_topics_in_use() -> None:
    addresses = {channel["address"] for channel in document()["channels"].values()}
    for channel, template in (
        (upstream("s", "g"), "{bucket}/{site}/{gateway}"),
        (local("g", "a"), "local/{gateway}/{agent}"),
    ):
        for topic in (channel.up("readings"), channel.up("health")):
            assert parse_up(topic)
            assert topic.replace(channel.base, f"shigotoba/v1/{template}") in addresses
        assert channel.down("receipts").replace(channel.base, f"shigotoba/v1/{template}") in addresses


def test_every_point_of_the_vocabulary_is_in_the_contract() -> None:
    assert document()["components"]["schemas"]["Points"]["enum"] == list(VOCABULARY)
