"""``shigotoba-gateway claim``: make this device a gateway of the platform.

The invitation is read from a file (a line written onto the memory card, or a scanner's output) or typed; never from an
argument, which everybody on the device could read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shigotoba_gateway.commands.console import ask, complain, inform
from shigotoba_gateway.commands.places import add_places, places_of
from shigotoba_gateway.identity.claiming import claim_identity
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.invitations import SCHEME, Invitation, invitation, read_invitation
from shigotoba_wire.errors import WireError
from shigotoba_wire.spoken import Parser


def main(arguments: Sequence[str]) -> int:
    """Claim a name; 1 if the platform refuses or cannot be reached."""
    parser = Parser(prog="shigotoba-gateway claim", description="Make this device a gateway.")
    parser.add_argument("--invitation", type=Path, help="file with the invitation's line; without it you are asked")
    parser.add_argument("--forget", action="store_true", help="delete that file once it is used")
    add_places(parser)
    options = parser.parse_args(arguments)
    try:
        claimed = claim_identity(_invitation(options.invitation), places_of(options))
    except (WireError, OSError) as error:
        complain(error)
        return 1
    if options.invitation is not None and options.forget:
        options.invitation.unlink()
    inform(f"this device is {claimed.name}, certificate until {claimed.ends.date().isoformat()}")
    inform(f"settings: {options.settings}")
    return 0


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
