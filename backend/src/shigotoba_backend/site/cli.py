"""The commands ``site-import`` and ``gateway-config``: a site file into the database, a configuration to a gateway.

Responsible for arguments and for what is printed. Refuses to judge a site file.
"""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Final

from shigotoba_backend.commands import Command
from shigotoba_backend.read.sites import sites
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import SiteFileError, read_site_file
from shigotoba_backend.site.gateway_config import GatewayConfigError, next_config, only_site, publish_config
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.store.connection import connect

PROBLEMS: Final = (SiteFileError,)
OBSTACLES: Final = (GatewayConfigError,)


def _site_import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the site file, JSON")
    parser.add_argument("--if-missing", action="store_true", help="leave a site that is there already as it is")


def _site_import(settings: BackendSettings, options: argparse.Namespace) -> None:
    described = read_site_file(options.file)
    with contextlib.closing(connect(settings.database)) as conn:
        if options.if_missing and described.site.code in {each.code for each in sites(conn)}:
            print(f"site {described.site.code}: there already, left as it is")
            return
        done = import_site(conn, described)
    print(
        f"site {done.site}: {done.floors} floors, {done.spaces} spaces, {done.devices} devices, "
        f"{done.assigned} newly assigned"
    )


def _gateway_config_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="its identity")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--health-every-s", type=_health_every_s, required=True, metavar="N", help="from 1 to 3600")


def _health_every_s(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to 3600")
    return seconds


def _gateway_config(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        config = next_config(conn, site, options.gateway, options.health_every_s)
    publish_config(settings.broker, site, options.gateway, config)
    print(f"{site}/{options.gateway}: configuration version {config.version} published")


SITE_IMPORT: Final = Command("site-import", "bring a site in line with its file", _site_import, _site_import_arguments)
GATEWAY_CONFIG: Final = Command(
    "gateway-config", "give a gateway its configuration", _gateway_config, _gateway_config_arguments
)
