"""The ground of one run: places, ports and passwords, found before anything is started.

Responsible for the facts that the settings files are filled with. Refuses to start anything.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shigotoba_standalone import postgres
from shigotoba_standalone.accounts import our_account
from shigotoba_standalone.brokers import BrokerPlaces, TlsDoor
from shigotoba_standalone.brokers.passwords import write_private
from shigotoba_standalone.demo.birth import Birth, born, recall, remember
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.demo.settings import Value
from shigotoba_standalone.directories import socket_directory
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.ports import HOST, free_ports, is_free

SITE: Final = "honcho"
GATEWAY: Final = "gw-1"
AGENT: Final = "edge-1"
HISTORY: Final = "history"
INGEST: Final = "ingest"
DISPLAYS: Final = "displays"
SEED: Final = 7
DATABASE: Final = "shigotoba"
BUS: Final = "dbus.sock"


@dataclass(frozen=True)
class Wishes:
    """What the command line asked for.

    Attributes:
        port: TCP port of the page.
        history_days: Days of history of a new demo, one that continues keeps its own; None for all since the first
            day of the month before.
        uplink_port: Where the gateway looks for the upstream broker, when a relay stands between that can be cut; None
            for the broker itself.
        scenario: What is different in a new demo, a file of the simulator; one that continues keeps its own.
        log_style: `text` for people; `json` for programs, with a line for each request and each batch too.
        uplink_tls: Directory of papers with which the gateway reaches the upstream broker over TLS, known by its
            certificate: those of ``TlsDoor``, and ``gateway.pem`` and ``gateway.key``; None for a password and no TLS.
    """

    port: int
    history_days: int | None
    uplink_port: int | None = None
    scenario: Path | None = None
    log_style: str = "text"
    uplink_tls: Path | None = None


@dataclass(frozen=True)
class Ground:
    """Where this run stands.

    Attributes:
        home: The demo's directory.
        birth: What stays the same over all runs.
        cluster: The database's files.
        upstream: The broker between gateway and backend.
        local: The gateway's own broker.
        runtime: Directory of sockets and links; its name is short.
        printer_ports: UDP, one per simulated printer.
        page_port: TCP.
        phone_port: TCP, of the phone app and the API.
        people_password: File whose first line is the password of everybody in the demo.
        uplink_port: TCP, where the gateway looks for the upstream broker.
        relayed: Whether a relay of ours listens there, because a scenario may cut the link.
        log_style: See ``Wishes``.
    """

    home: Home
    birth: Birth
    cluster: postgres.Cluster
    upstream: BrokerPlaces
    local: BrokerPlaces
    runtime: Path
    printer_ports: tuple[int, ...]
    page_port: int
    uplink_port: int
    phone_port: int
    people_password: Path
    relayed: bool = False
    log_style: str = "text"

    @property
    def eventful(self) -> bool:
        """Whether a scenario says that anything is different."""
        return _said(self.home.scenario)

    @property
    def gateways_port(self) -> int:
        """Of the upstream broker, for gateways."""
        return self.upstream.port if self.upstream.tls is None else self.upstream.tls.port

    @property
    def dbus_socket(self) -> Path:
        """The simulated building's own system bus."""
        return self.runtime / BUS

    @property
    def staff_tokens(self) -> Path:
        """A token for each of the simulated building's people; the product writes it, the simulator reads it."""
        return self.people_password.with_name("tokens")

    @property
    def database(self) -> str:
        """How to connect to the product's database."""
        return postgres.conninfo(self.cluster, DATABASE)


def find_ground(home: Home, wishes: Wishes, now: datetime, say: Callable[[str], None]) -> Ground:
    """Find or make everything a run needs.

    Raises:
        StandaloneError: Something is in the way; the message says what to do.
    """
    _check_port(wishes.port)
    birth = _birth(home.birth, now, wishes.history_days)
    home.state.mkdir(mode=0o700, exist_ok=True)
    _keep_scenario(home.scenario, wishes.scenario)
    upstream_port, local_port, relay_port, tls_port = free_ports(4)
    tls = None if wishes.uplink_tls is None else TlsDoor(tls_port, wishes.uplink_tls)
    broker_port = upstream_port if tls is None else tls.port
    uplink_port = relay_port if _said(home.scenario) else broker_port
    return Ground(
        home=home,
        birth=birth,
        cluster=postgres.prepare(postgres.places_for(home.root), say),
        upstream=BrokerPlaces(
            "broker-upstream", home.brokers / "upstream", home.secrets / "upstream", upstream_port, tls
        ),
        local=BrokerPlaces("broker-local", home.brokers / "local", home.secrets / "local", local_port),
        runtime=socket_directory(home.run, BUS, our_account()),
        printer_ports=tuple(free_ports(3, socket.SOCK_DGRAM)),
        page_port=wishes.port,
        uplink_port=wishes.uplink_port or uplink_port,
        relayed=_said(home.scenario) and wishes.uplink_port is None,
        phone_port=_phone_port(wishes.port),
        people_password=_people_password(home.secrets / "people"),
        log_style=wishes.log_style,
    )


def _keep_scenario(kept: Path, wished: Path | None) -> None:
    """A demo has the scenario with which it was begun: its past follows from it."""
    try:
        text = "" if wished is None else wished.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StandaloneError(f"{wished}: cannot be read ({error}). Name an existing scenario file.") from error
    if not kept.exists():
        kept.write_text(text, encoding="utf-8")
    elif wished is not None and kept.read_text(encoding="utf-8") != text:
        raise StandaloneError(
            f"The demo in {kept.parents[1]} was begun with another scenario, or with none, and keeps it. "
            "Begin anew with: make demo-reset, or name another home with --home."
        )


def _said(scenario: Path) -> bool:
    return scenario.stat().st_size > 0


def _check_port(port: int) -> None:
    if not is_free(port):
        raise StandaloneError(
            f"port {port} on {HOST} is in use. End what uses it, or choose another: "
            f".venv/bin/python -m shigotoba_standalone demo --port {port + 1}"
        )


def _phone_port(page_port: int) -> int:
    """Ten above the page's, so that it stays the same from start to start; any other when that is taken."""
    usual = page_port + 10
    return usual if usual < 65536 and is_free(usual) else free_ports(1)[0]


def _people_password(directory: Path) -> Path:
    """Short, for it is typed on a phone; it opens nothing but a demo on this machine."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / "everybody"
    if not path.exists():
        write_private(path, f"{secrets.token_hex(5)}\n")
    return path


def _birth(path: Path, now: datetime, history_days: int | None) -> Birth:
    birth = recall(path)
    if birth is None:
        birth = born(now, history_days, SEED)
        remember(path, birth)
    return birth


def facts(ground: Ground) -> Mapping[str, Value | None]:
    """What the templates' names stand for."""
    tls = ground.upstream.tls
    state, upstream, local = ground.home.state, ground.upstream, ground.local
    return {
        "site": SITE,
        "gateway": GATEWAY,
        "agent": AGENT,
        "seed": ground.birth.seed,
        "opened_on": ground.birth.opened_on,
        "lively_from": ground.birth.lively_from,
        "scenario": ground.home.scenario,
        "commands": state / "commands.jsonl",
        "sim_state": state / "sim",
        "edge_outbox": state / "edge.sqlite",
        "gateway_spool": state / "gateway.sqlite",
        "enocean_tty": ground.runtime / "tty-enocean",
        "dbus_socket": ground.dbus_socket,
        "database": ground.database,
        "host": HOST,
        "dashboard_port": ground.page_port,
        "phone_port": ground.phone_port,
        "phone_address": f"http://{HOST}:{ground.phone_port}",
        "staff_tokens": ground.staff_tokens,
        "upstream_port": upstream.port,
        "uplink_port": ground.uplink_port,
        "uplink_authority": tls and tls.papers / "ca.pem",
        "uplink_certificate": tls and tls.papers / "gateway.pem",
        "uplink_key": tls and tls.papers / "gateway.key",
        "local_port": local.port,
        "agent_password": local.password_file(AGENT),
        "displays_password": local.password_file(DISPLAYS),
        "gateway_local_password": local.password_file(GATEWAY),
        "gateway_upstream_password": upstream.password_file(GATEWAY),
        "history_password": upstream.password_file(HISTORY),
        "ingest_password": upstream.password_file(INGEST),
        "log_style": ground.log_style,
        "log_work": ground.log_style == "json",
        **{f"snmp_port_{i}": port for i, port in enumerate(ground.printer_ports, 1)},
    }
