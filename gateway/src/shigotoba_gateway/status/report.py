"""The status as one value, written by the running gateway and read by whoever shows it. Holds no secrets.

Responsible for the value and its file. Refuses to judge (see ``judge``) and to choose words (see ``words``).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from shigotoba_gateway.identity.renewal import Standing
from shigotoba_wire.health import GatewayHealth

Fact = str | int | float


class Way(msgspec.Struct, frozen=True):
    """A way to a broker.

    Attributes:
        address: Host and port.
        connected: Whether the broker can be reached now.
        trouble: Why not, in words.
        denied: Topics that its access rules refused.
        confirmed_s_ago: Seconds since the receiver last confirmed something; None when it never did.
        unanswered_s: For how many seconds batches have been under way without an answer; 0 when none is.
        heard_itself: Whether our own health came back over this connection.
        up_s: For how many seconds it has been connected.
    """

    address: str
    connected: bool
    trouble: str = ""
    denied: tuple[str, ...] = ()
    confirmed_s_ago: float | None = None
    unanswered_s: float = 0.0
    heard_itself: bool = False
    up_s: float = 0.0


class Finding(msgspec.Struct, frozen=True):
    """Something a person should know.

    Attributes:
        code: What; see ``words_en.toml``.
        facts: Values of its sentence.
    """

    code: str
    facts: dict[str, Fact] = {}


class Report(msgspec.Struct, frozen=True):
    """How the gateway stands.

    Attributes:
        at_ms: When this was true, UTC milliseconds by the gateway's clock.
        boot_s: The same in seconds since the device was switched on, which no clock change touches.
        pid: Of the gateway's process.
        site: Where it stands.
        upstream: The way to the platform.
        local: The way to its own broker.
        health: What it tells the platform.
        identity: Its certificate; None where it uses a password.
        identify: Somebody asks it to show itself.
        findings: What a person should know, the worst first.
    """

    at_ms: int
    boot_s: float
    pid: int
    site: str
    upstream: Way
    local: Way
    health: GatewayHealth
    identity: Standing | None = None
    identify: bool = False
    findings: tuple[Finding, ...] = ()


def write_report(path: Path, report: Report) -> None:
    """Puts the report where others find it, in one step; not made durable, for it is written anew in a moment."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(msgspec.json.encode(report))
    # Whoever stands before the device may read it, whatever the service's umask is.
    partial.chmod(0o644)
    partial.replace(path)


def read_report(path: Path) -> Report | None:
    """The report in ``path``; None when there is none or it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError):
        return None
