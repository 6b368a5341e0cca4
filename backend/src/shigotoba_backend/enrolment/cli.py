"""Commands about identities and gateways: ``ca ...`` and ``gateway ...``.

Responsible for the commands' arguments and what they print. A token is printed once, to the terminal of whoever asked,
and is never an argument.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.commands import Command, part, tell
from shigotoba_backend.enrolment.authority import (
    CERTIFICATE,
    AuthorityError,
    make_authority,
    open_authority,
    private_pem,
)
from shigotoba_backend.enrolment.broker_files import refresh_broker
from shigotoba_backend.enrolment.inviting import SERVICES, Invite, invite
from shigotoba_backend.enrolment.papers import (
    command_row,
    invitation_line,
    invitation_text,
    qr_for_terminal,
    row_of,
)
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.requests import Requester
from shigotoba_backend.enrolment.revoking import revoke_gateway
from shigotoba_backend.enrolment.rows import gateways, pem_of
from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.read.gateway_commands import commands
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, only_site
from shigotoba_backend.store.connection import connect
from shigotoba_wire.commands import CommandKind
from shigotoba_wire.files import replace_file

PROBLEMS: Final = (AuthorityError, EnrolmentRefusedError)
"""What these commands may raise; each is one line for whoever typed."""
OBSTACLES: Final = (GatewayConfigError,)


def _now() -> datetime:
    return datetime.now(UTC)


def _enrolment(settings: BackendSettings) -> EnrolmentSettings:
    if settings.enrolment is None:
        raise AuthorityError("the settings have no [enrolment]: say authority, broker_files and broker_host there")
    return settings.enrolment


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="Shigotoba", help="what the authority is called in its certificate")


def _init(settings: BackendSettings, options: argparse.Namespace) -> None:
    enrolment = _enrolment(settings)
    authority = make_authority(enrolment.authority, options.name, _now())
    _refresh(settings, options)
    with contextlib.closing(connect(settings.database)) as conn:
        record(conn, COMMAND, Deed("ca.init", "ca", after={"fingerprint": authority.fingerprint}))
    tell(f"authority {options.name} made in {enrolment.authority}; keep a copy of this directory in a safe")


def _show(settings: BackendSettings, _options: argparse.Namespace) -> None:
    authority = open_authority(_enrolment(settings).authority)
    tell(f"name         {authority.certificate.subject.rfc4514_string()}")
    tell(f"good until   {authority.certificate.not_valid_after_utc.date().isoformat()}")
    tell(f"fingerprint  {authority.fingerprint}  (SHA-256)")


def _refresh(settings: BackendSettings, _options: argparse.Namespace) -> None:
    enrolment = _enrolment(settings)
    with contextlib.closing(connect(settings.database)) as conn:
        changed = refresh_broker(conn, enrolment, _now())
    tell(f"{enrolment.broker_files}: {'written anew' if changed else 'up to date'}")


def _server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="such as broker or web; the files are called after it")
    parser.add_argument("address", nargs="+", help="each name or IP address it is called by")
    parser.add_argument("--out", type=Path, required=True, help="directory for its key and certificate")


def _server(settings: BackendSettings, options: argparse.Namespace) -> None:
    authority = open_authority(_enrolment(settings).authority)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.issue_server(Requester(options.name, key.public_key()), options.address, _now())
    _write(options.out, options.name, key, pem_of(certificate), authority.pem)
    tell(f"{options.name}: certificate for {', '.join(options.address)} in {options.out}")


def _service_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=sorted(SERVICES), help="which part of the platform")
    parser.add_argument("--out", type=Path, required=True, help="directory for its key and certificate")


def _service(settings: BackendSettings, options: argparse.Namespace) -> None:
    authority = open_authority(_enrolment(settings).authority)
    key = ec.generate_private_key(ec.SECP256R1())
    life = timedelta(days=_enrolment(settings).gateway_days)
    certificate = authority.issue_client(Requester(options.name, key.public_key()), life, _now())
    _write(options.out, options.name, key, pem_of(certificate), authority.pem)
    tell(f"{options.name}: certificate until {certificate.not_valid_after_utc.date().isoformat()} in {options.out}")


def _write(directory: Path, name: str, key: ec.EllipticCurvePrivateKey, certificate: str, authority: bytes) -> None:
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    replace_file(directory / f"{name}.key", private_pem(key), 0o600)
    replace_file(directory / f"{name}.pem", certificate.encode(), 0o644)
    replace_file(directory / CERTIFICATE, authority, 0o644)


def _invite_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="the name it shall bear")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--no-qr", action="store_true", help="text only")
    parser.add_argument("--file", type=Path, help="also write the line for the device's memory card here (0600)")


def _invite(settings: BackendSettings, options: argparse.Namespace) -> None:
    life = timedelta(hours=_enrolment(settings).invitation_hours)
    with contextlib.closing(connect(settings.database)) as conn:
        wish = Invite(options.site or only_site(conn), options.gateway, life)
        invitation = invite(conn, wish, COMMAND, _now())
    platform = settings.web.public_url
    line = invitation_line(invitation, platform)
    if options.file is not None:
        replace_file(options.file, f"{line}\n".encode(), 0o600)
    tell(invitation_text(invitation, platform))
    if not options.no_qr:
        print(qr_for_terminal(line))


def _list(settings: BackendSettings, _options: argparse.Namespace) -> None:
    now = _now()
    with contextlib.closing(connect(settings.database)) as conn:
        known = gateways(conn, now)
    for gateway in known:
        tell(row_of(gateway, now))
    tell(f"{len(known)} gateways")


def _revoke_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="its name")
    parser.add_argument("--lost", action="store_true", help="the device is lost or stolen, not just out of use")


def _revoke(settings: BackendSettings, options: argparse.Namespace) -> None:
    reason = "lost" if options.lost else "withdrawn"
    with contextlib.closing(connect(settings.database)) as conn:
        serials = revoke_gateway(conn, options.gateway, reason, COMMAND, _now())
    tell(f"{options.gateway}: {len(serials)} certificates revoked")
    _refresh(settings, options)


def _minutes(text: str) -> timedelta:
    if not text.isdecimal() or not 1 <= int(text) <= 1440:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of minutes from 1 to 1440")
    return timedelta(minutes=int(text))


def _command_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="its name")
    parser.add_argument("kind", choices=[kind.value for kind in CommandKind], help="what it shall do, once")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--agent", default="", help="which agent shall do it, for restart_driver")
    parser.add_argument("--driver", default="", help="which driver of that agent")
    parser.add_argument(
        "--within", type=_minutes, default=_minutes("10"), help="minutes; not begun later (default: 10)"
    )


def _command(settings: BackendSettings, options: argparse.Namespace) -> None:
    kind = CommandKind(options.kind)
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        wish = part("arranging.gateway_commands").Wish(
            site, options.gateway, kind, options.within, options.agent, options.driver
        )
        name = part("site.gateway_commands").give(conn, settings, wish, _now())
    tell(f"{name}: given to {site}/{options.gateway}. What becomes of it: gateway commands {options.gateway}")


def _commands_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="its name")
    parser.add_argument("--site", help="needed where there is more than one")


def _commands(settings: BackendSettings, options: argparse.Namespace) -> None:
    now = _now()
    with contextlib.closing(connect(settings.database)) as conn:
        told = commands(conn, options.site or only_site(conn), options.gateway)
    for each in told:
        tell(command_row(each, now))
    tell(f"{len(told)} commands")


CA_COMMANDS: Final = (
    Command("init", "make the authority", _init, _init_arguments),
    Command("show", "show its name, end and fingerprint", _show),
    Command("crl", "write the broker's files: revocations and access list", _refresh),
    Command("revoke", "take a gateway's certificates away", _revoke, _revoke_arguments),
    Command("server", "a certificate for a server of the platform", _server, _server_arguments),
    Command("service", "a certificate for a part of the platform at the broker", _service, _service_arguments),
)

GATEWAY_COMMANDS: Final = (
    Command("command", "tell a gateway to do something once", _command, _command_arguments),
    Command("commands", "what a gateway was told, and what became of it", _commands, _commands_arguments),
    Command("invite", "a token with which one device may become this gateway", _invite, _invite_arguments),
    Command("list", "every gateway, its certificate and when it was heard", _list),
    Command("revoke", "take a gateway's certificates away", _revoke, _revoke_arguments),
)
