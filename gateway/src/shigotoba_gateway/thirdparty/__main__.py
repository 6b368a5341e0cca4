"""``python -m shigotoba_gateway.thirdparty --check FILE...``: say what is wrong with mapping files, start nothing.

With ``--topic`` and ``--payload`` it also says what such a message would be taken for. Exit status 2 for a wrong file,
1 for a message that is not understood.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from shigotoba_gateway.thirdparty.mapping import Mapping, read_mappings
from shigotoba_gateway.thirdparty.transform import UnfitError
from shigotoba_gateway.thirdparty.understanding import Message, matching, understand
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.spoken import Parser, complain


def main(arguments: Sequence[str]) -> int:
    """Check; the exit status."""
    parser = Parser(prog="shigotoba_gateway.thirdparty", description="Checks mapping files.")
    parser.add_argument("--check", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--topic", help="of a message to try, such as zigbee2mqtt/door")
    parser.add_argument("--payload", default="", help="of this message")
    chosen = parser.parse_args(arguments)
    try:
        mappings = [mapping for path in chosen.check for mapping in read_mappings(path)]
    except SettingsError as error:
        complain(error)
        return 2
    for mapping in mappings:
        points = ", ".join(dict.fromkeys(rule.point for rule in mapping.rules))
        print(f"{mapping.file}: {mapping.topic.filter} -> {mapping.table.device}: {points}")
    return 0 if chosen.topic is None else _tried(mappings, chosen.topic, chosen.payload)


def _tried(mappings: Sequence[Mapping], topic: str, payload: str) -> int:
    found = matching(mappings, topic)
    if not found:
        complain(f"{topic}: no mapping is for this topic")
        return 1
    message = Message(topic, payload.encode(), time.time_ns() // 1_000_000)
    try:
        for mapping, names in found:
            said = understand(mapping, names, message)
            if said is None:
                print(f"{mapping.file}: its device is not listed, so it is passed over")
                continue
            for reading in said.readings:
                print(f"{mapping.file}: {reading.device} {reading.point} = {reading.value}")
            for flaw in said.flaws:
                print(f"{mapping.file}: left out: {flaw}")
    except UnfitError as error:
        complain(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
