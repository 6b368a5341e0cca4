"""The link between a gateway and the platform in a test, over TLS with certificates as in an office.

Where this machine has no mosquitto the test's own broker does without: the promises hold there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shigotoba_standalone import brokers
from shigotoba_testing.authority import make_platform
from shigotoba_wire.settings import Broker


@dataclass(frozen=True)
class Uplink:
    """The broker between gateway and platform.

    Attributes:
        gateway: How gw-1 reaches it.
        platform: How the platform does.
        wipe: Lets it forget every session.
    """

    gateway: Broker
    platform: Broker
    wipe: Callable[[], None]


@pytest.fixture
def uplink(broker, tmp_path: Path) -> Iterator[Uplink]:
    """A broker of its own for one test, beside the gateway's ``broker``."""
    if broker.kind is not brokers.Kind.MOSQUITTO:
        yield Uplink(broker.settings(), broker.settings(), broker.wipe)
        return
    (tmp_path / "platform").mkdir()
    platform = make_platform(tmp_path / "platform", ["gw-1"])
    platform.start()
    yield Uplink(platform.identity("gw-1"), platform.identity("ingest"), platform.wipe)
    platform.stop()
