"""What of a report a person should know, the worst first.

Each rule looks at one thing and says nothing when that is well. Pure; refuses to choose words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from shigotoba_gateway.status.report import Fact, Finding, Report
from shigotoba_wire.health import AgentHealth, DriverState, Twin
from shigotoba_wire.points import VOCABULARY

PATIENCE_S: Final = 20.0
"""Longer than the courier's first wait for a receipt and two beats of health."""

REFUSED: Final = "Not authorized"
"""How a broker says that name and password do not fit."""

OUR_CERTIFICATE: Final = "our certificate"
"""How ``shigotoba_wire.tls`` begins when it is our identity that the broker does not take."""

AGENT_SILENT_MS: Final = 60_000
ENDING_MS: Final = 14 * 24 * 3600 * 1000


def findings(report: Report) -> tuple[Finding, ...]:
    """Everything worth knowing; empty when all is well."""
    return tuple(finding for rule in RULES for finding in rule(report))


def _local(report: Report) -> Iterator[Finding]:
    local = report.local
    if not local.connected and REFUSED in local.trouble:
        yield Finding("local_refused", {"address": local.address, "gateway": report.health.gateway})
    elif not local.connected:
        yield Finding("local_broker", {"address": local.address, "why": local.trouble or "-"})


def _identity(report: Report) -> Iterator[Finding]:
    standing = report.identity
    if standing is None:
        return
    if standing.ends_at_ms is None:
        yield Finding("no_identity", {"why": standing.trouble})
    elif _ended(report):
        yield Finding("certificate_ended", {"at": _day(standing.ends_at_ms), "waiting": report.health.waiting})
    elif standing.ends_at_ms - report.at_ms < ENDING_MS:
        yield Finding("certificate_ending", {"at": _day(standing.ends_at_ms), "why": standing.trouble or "-"})
    elif standing.trouble:
        yield Finding("renewal_failed", {"why": standing.trouble})


def _ended(report: Report) -> bool:
    standing = report.identity
    return standing is not None and standing.ends_at_ms is not None and standing.ends_at_ms <= report.at_ms


def _upstream(report: Report) -> Iterator[Finding]:
    way = report.upstream
    waiting = report.health.waiting
    if report.health.twin is Twin.PREFERRED:
        # It rests, which is no trouble of the way's own.
        yield Finding("turned_away", {"gateway": report.health.gateway, "waiting": waiting})
    elif not way.connected and way.trouble.startswith(OUR_CERTIFICATE):
        if not _ended(report):  # which has been said
            yield Finding("identity_refused", {"why": way.trouble, "waiting": waiting})
    elif way.denied:
        yield Finding("denied", {"topics": ", ".join(way.denied), "waiting": waiting})
    elif not way.connected:
        yield Finding("platform_unreachable", {"address": way.address, "why": way.trouble or "-", "waiting": waiting})
    elif way.unanswered_s < PATIENCE_S or way.up_s < PATIENCE_S:
        return
    elif way.heard_itself:
        yield Finding("platform_silent", {"seconds": round(way.unanswered_s), "waiting": waiting})
    else:
        yield Finding("swallowed", {"address": way.address, "waiting": waiting})


def _twin(report: Report) -> Iterator[Finding]:
    if report.health.twin is Twin.HEARD:
        yield Finding("twin", {"gateway": report.health.gateway})


def _clock(report: Report) -> Iterator[Finding]:
    clock = report.health.clock
    if clock is not None and not clock.known:
        yield Finding("clock_unknown", {"unstamped": clock.unstamped})
    elif clock is not None and clock.jumps:
        yield Finding("clock_jumped", {"jumps": clock.jumps, "seconds": round(clock.last_jump_s)})


def _spool(report: Report) -> Iterator[Finding]:
    spool = report.health.spool
    if spool is None:
        return
    percent = round(spool.free_share * 100)
    if set(spool.refusing) >= set(VOCABULARY):
        yield Finding("disk_full")
    elif spool.refusing:
        yield Finding("disk_refusing", {"points": ", ".join(spool.refusing), "percent": percent})
    elif percent < 20:
        yield Finding("disk_short", {"percent": percent, "days": round(spool.days_left or 0, 1)})
    if spool.set_aside_file:
        yield Finding("spool_salvaged", {"file": spool.set_aside_file, "readings": spool.salvaged})


def _agents(report: Report) -> Iterator[Finding]:
    if not report.health.agents:
        yield Finding("no_agent")
    for agent in report.health.agents:
        if report.at_ms - agent.at_ms > AGENT_SILENT_MS:
            yield Finding("agent_silent", {"agent": agent.agent, "minutes": (report.at_ms - agent.at_ms) // 60_000})
        else:
            yield from _agent(agent)


def _agent(agent: AgentHealth) -> Iterator[Finding]:
    for driver in agent.drivers:
        if driver.state in {DriverState.WAITING, DriverState.STOPPED}:
            why = driver.last_error or "-"
            yield Finding("driver_waiting", {"agent": agent.agent, "driver": driver.driver, "why": why})
    if agent.set_aside_file:
        facts: dict[str, Fact] = {"agent": agent.agent, "file": agent.set_aside_file, "readings": agent.salvaged}
        yield Finding("agent_salvaged", facts)
    if agent.set_aside:
        yield Finding("agent_set_aside", {"agent": agent.agent, "readings": agent.set_aside})


def _refused(report: Report) -> Iterator[Finding]:
    if report.health.set_aside:
        yield Finding("set_aside", {"readings": report.health.set_aside})
    if report.health.config_refused is not None:
        yield Finding("configuration_refused", {"why": report.health.config_refused.reason})


def _day(at_ms: int) -> str:
    """Milliseconds as the words want them."""
    return f"@{at_ms}"


RULES: Final[tuple[Callable[[Report], Iterator[Finding]], ...]] = (
    _local,
    _identity,
    _upstream,
    _twin,
    _spool,
    _clock,
    _agents,
    _refused,
)
"""In the order of what must be mended first: what is further up explains what is further down."""
