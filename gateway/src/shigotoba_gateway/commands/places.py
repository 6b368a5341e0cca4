"""Where things are on an installed gateway, and how a command says otherwise.

Responsible for these defaults; deploy/pi puts things there.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from shigotoba_gateway.identity.agents import LocalBroker
from shigotoba_gateway.identity.claiming import Places

SETTINGS: Final = Path("/etc/shigotoba/gateway.toml")
AGENT_SETTINGS: Final = Path("/etc/shigotoba/edge.toml")
STATE: Final = Path("/var/lib/shigotoba-gateway")
RUN: Final = Path("/run/shigotoba-gateway")
LOCAL_PASSWORD: Final = Path("/run/credentials/shigotoba-gateway.service/local-password")
BROKER: Final = Path("/etc/mosquitto/shigotoba")
SECRETS: Final = Path("/etc/shigotoba/secrets")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """``--settings``."""
    parser.add_argument("--settings", type=Path, default=SETTINGS, help=f"the gateway's TOML file ({SETTINGS})")


def add_places(parser: argparse.ArgumentParser) -> None:
    """``--settings`` and the directories."""
    add_settings(parser)
    parser.add_argument("--state", type=Path, default=STATE, help=f"what must not be forgotten ({STATE})")
    parser.add_argument("--run", type=Path, default=RUN, help=f"what may be forgotten ({RUN})")
    parser.add_argument("--local-password", type=Path, default=LOCAL_PASSWORD, help="for the new settings file")


def places_of(options: argparse.Namespace) -> Places:
    """What was said."""
    return Places(options.settings, options.state, options.run, options.local_password)


def add_broker(parser: argparse.ArgumentParser) -> None:
    """The local broker's directories."""
    parser.add_argument("--broker", type=Path, default=BROKER, help=f"what the local broker reads ({BROKER})")
    parser.add_argument("--secrets", type=Path, default=SECRETS, help=f"the agents' passwords ({SECRETS})")


def broker_of(options: argparse.Namespace) -> LocalBroker:
    """What was said."""
    return LocalBroker(options.broker, options.secrets)
