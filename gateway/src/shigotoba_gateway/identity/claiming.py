"""From an invitation to a gateway that runs: key, certificate, settings file.

Responsible for the order: the key is on disk before the platform hears of it, and is still known as pending until all
that follows from it is done and the invitation is forgotten, so that a claim cut off anywhere can be made again with
the same invitation. The settings come last, for with them a gateway starts. Refuses to overwrite those of another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from shigotoba_gateway.identity import platform
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.invitations import Invitation
from shigotoba_gateway.identity.keeping import Identity, adopt, make_private, pending_key, request_for, tidy
from shigotoba_gateway.identity.platform import Enrolled
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire.files import replace_file
from shigotoba_wire.settings import read_settings

SETTINGS_MODE: Final = 0o644
"""A settings file names secrets, it holds none."""


@dataclass(frozen=True)
class Places:
    """Where a gateway keeps its things.

    Attributes:
        settings: Its settings file.
        state: Directory of what it must not forget.
        run: Directory of what it may forget.
        local_password: File with its password at the local broker.
    """

    settings: Path
    state: Path
    run: Path
    local_password: Path

    @property
    def identity(self) -> Path:
        """Directory of the identity."""
        return self.state / "identity"


Step = Callable[[], None]


def nothing() -> None:
    """No step."""


def claim_identity(invitation: Invitation, places: Places, prepare: Step = nothing, forget: Step = nothing) -> Identity:
    """Claims the name and writes the settings, if there are none yet.

    Args:
        invitation: Used up by this.
        places: Where things go.
        prepare: What a gateway needs beside its identity when it starts.
        forget: Ends the invitation's being at hand.

    Raises:
        IdentityError: The platform refuses or does not answer, or the settings are another gateway's.
    """
    _check_settings(places.settings, invitation.gateway)
    authority_pem = platform.trusted_authority(invitation)
    request = request_for(pending_key(places.identity), invitation.gateway)
    enrolled = platform.claim(invitation, request, authority_pem)
    identity = adopt(places.identity, enrolled.certificate, enrolled.authority)
    prepare()
    if not places.settings.exists():
        make_private(places.settings.parent)
        text = settings_text(enrolled, invitation.platform, places)
        replace_file(places.settings, text.encode(), SETTINGS_MODE)
    forget()
    tidy(places.identity)
    return identity


def _check_settings(path: Path, gateway: str) -> None:
    if not path.exists():
        return
    known = read_settings(path, GatewaySettings)
    if known.gateway != gateway:
        raise IdentityError(
            f"{path} is of {known.gateway}, the invitation is for {gateway}. To make another gateway of this device, "
            "move the settings and the spool away first."
        )
    if known.identity is None:
        raise IdentityError(f"{path} has no [identity]. Move it away and claim again; new settings are then written.")


def settings_text(enrolled: Enrolled, platform_url: str, places: Places) -> str:
    """The settings file of a gateway that has just been enrolled."""
    current = places.identity / "current"
    values = {
        "site": enrolled.site,
        "gateway": enrolled.gateway,
        "spool": places.state / "spool.sqlite",
        "local_password": places.local_password,
        "host": enrolled.broker.host,
        "authority": places.identity / "ca.pem",
        "certificate": current / "certificate.pem",
        "key": current / "key.pem",
        "identity": places.identity,
        "platform": platform_url,
        "status": places.run / "status.json",
    }
    # A JSON string is a TOML string too.
    filled = {name: json.dumps(str(value), ensure_ascii=False) for name, value in values.items()}
    template = files("shigotoba_gateway.identity").joinpath("gateway.toml.template").read_text(encoding="utf-8")
    return Template(template).substitute(filled, port=enrolled.broker.port)
