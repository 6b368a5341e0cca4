"""``shigotoba-gateway renew``: a new certificate now, before its time."""

from __future__ import annotations

from collections.abc import Sequence

from shigotoba_gateway.commands.console import complain, inform
from shigotoba_gateway.commands.places import add_settings
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.renewal import renew_now
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.status.words import SHOWN_IN
from shigotoba_wire.errors import WireError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser


def main(arguments: Sequence[str]) -> int:
    """Renew; 1 if the platform refuses or cannot be reached."""
    parser = Parser(prog="shigotoba-gateway renew", description="Renew the certificate now.")
    add_settings(parser)
    options = parser.parse_args(arguments)
    try:
        identity = read_settings(options.settings, GatewaySettings).identity
        if identity is None:
            raise IdentityError(f"{options.settings} has no [identity]: this gateway uses a password")
        renewed = renew_now(identity)
    except (WireError, OSError) as error:
        complain(error)
        return 1
    inform(f"{renewed.name}: certificate until {renewed.ends.astimezone(SHOWN_IN).date().isoformat()}")
    return 0
