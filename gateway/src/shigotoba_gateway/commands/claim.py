"""``shigotoba-gateway claim``: make this device a gateway of the platform.

The invitation is read from a file (a line written onto the memory card, or a scanner's output) or typed; never from an
argument, which everybody on the device could read. With ``--agent`` the device gets its own edge agent in the same go,
so that a power cut leaves no half of it behind.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from shigotoba_gateway.commands.agent import reload_broker
from shigotoba_gateway.commands.console import ask, complain, inform
from shigotoba_gateway.commands.places import AGENT_SETTINGS, add_broker, add_places, broker_of, places_of
from shigotoba_gateway.identity.agents import add_agent
from shigotoba_gateway.identity.claiming import claim_identity
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.invitations import SCHEME, Invitation, invitation, read_invitation
from shigotoba_gateway.status.words import SHOWN_IN
from shigotoba_wire.errors import WireError
from shigotoba_wire.spoken import Parser


def main(arguments: Sequence[str]) -> int:
    """Claim a name; 1 if the platform refuses or cannot be reached."""
    options = _parser().parse_args(arguments)
    try:
        _claim(options)
    except (WireError, OSError) as error:
        complain(error)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="shigotoba-gateway claim", description="Make this device a gateway.")
    parser.add_argument("--invitation", type=Path, help="file with the invitation's line; without it you are asked")
    parser.add_argument("--forget", action="store_true", help="delete that file once it is used")
    parser.add_argument("--agent", metavar="NAME", help="also give this device an edge agent, such as edge-1")
    parser.add_argument(
        "--agent-settings", type=Path, default=AGENT_SETTINGS, help=f"the agent's, unless there ({AGENT_SETTINGS})"
    )
    add_places(parser)
    add_broker(parser)
    return parser


def _claim(options: argparse.Namespace) -> None:
    invited = _invitation(options.invitation)

    def prepare() -> None:
        if options.agent is not None:
            add_agent(broker_of(options), invited.gateway, options.agent, options.agent_settings)

    def forget() -> None:
        if options.invitation is not None and options.forget:
            options.invitation.unlink()

    claimed = claim_identity(invited, places_of(options), prepare, forget)
    if options.agent is not None:
        reload_broker()
    inform(f"this device is {claimed.name}, certificate until {claimed.ends.astimezone(SHOWN_IN).date().isoformat()}")
    inform(f"settings: {options.settings}")
    if options.agent is not None:
        inform(f"settings: {options.agent_settings}")
        inform("next: sudo systemctl restart shigotoba-gateway shigotoba-edge, then: shigotoba-gateway status")


def _invitation(file: Path | None) -> Invitation:
    if file is not None:
        return read_invitation(file.read_text(encoding="utf-8"))
    first = _asked("platform, such as https://office.example.lg.jp (or scan the whole invitation)")
    if first.startswith(SCHEME):
        return read_invitation(first)
    return invitation(first, _asked("gateway"), _asked("token"))


def _asked(what: str) -> str:
    said = ask(what)
    if not said:
        raise IdentityError("nothing was typed; give the invitation here or with --invitation FILE")
    return said.strip()
