"""A report in words, Japanese or English: lines that the command prints and the page shows.

Responsible for choosing and filling sentences. Refuses to look at anything but the report it is given.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from shigotoba_gateway.status.lights import blinks_for
from shigotoba_gateway.status.report import Finding, Report, Way
from shigotoba_wire.spoken import Language, said

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")
SHOWN_IN: Final = ZoneInfo("Asia/Tokyo")
STALE_S: Final = 15.0
"""A gateway that writes every two seconds and has not for this long does not run."""


class Line(msgspec.Struct, frozen=True):
    """A label and what is so."""

    label: str
    value: str


class Remark(msgspec.Struct, frozen=True):
    """A finding in words, and what to do."""

    says: str
    do: str


class Sheet(msgspec.Struct, frozen=True):
    """Everything there is to show.

    Attributes:
        title: Which gateway.
        verdict: One sentence.
        well: Whether nothing needs doing.
        remarks: What needs doing.
        lines: How things are.
    """

    title: str
    verdict: str
    well: bool
    remarks: tuple[Remark, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Words:
    """One language.

    Attributes:
        language: Which.
        table: Labels, and the sentences of each finding.
    """

    language: Language
    table: dict[str, dict[str, str]]

    def label(self, name: str, **values: object) -> str:
        """A label with its values."""
        return self.table["labels"][name].format(**values)

    def remark(self, finding: Finding) -> Remark:
        """A finding in words."""
        words = self.table[finding.code]
        facts = {name: self._shown(name, fact) for name, fact in finding.facts.items()}
        return Remark(words["says"].format(**facts), words["do"].format(**facts))

    def _shown(self, name: str, fact: object) -> object:
        """A reason is said in this language as far as it is known there; what begins with @ is an instant."""
        if not isinstance(fact, str):
            return fact
        if name == "why":
            return said(fact, self.language).rstrip(".。")
        return _day(int(fact[1:])) if fact.startswith("@") and fact[1:].isdigit() else fact


@cache
def words_in(language: str) -> Words:
    """The words of ``language``; Japanese for anything unknown."""
    spoken: Language = "en" if language == "en" else "ja"
    text = files("shigotoba_gateway.status").joinpath(f"words_{spoken}.toml").read_text(encoding="utf-8")
    return Words(spoken, tomllib.loads(text))


def sheet(report: Report | None, file: str, boot_s: float, language: str) -> Sheet:
    """What to show of ``report``, ``boot_s`` seconds after the device was switched on."""
    words = words_in(language)
    if report is None:
        return Sheet(words.label("title", gateway=""), words.label("never", file=file), well=False)
    title = words.label("title", gateway=f"{report.site}/{report.health.gateway}")
    # After a restart of the device the file is gone with its memory, so the report's count is of this boot.
    if boot_s - report.boot_s > STALE_S:
        return Sheet(title, words.label("silent", at=_moment(report.at_ms)), well=False, lines=_lines(report, words))
    remarks = tuple(words.remark(finding) for finding in report.findings)
    verdict = words.label("ill", count=len(remarks)) if remarks else words.label("well")
    return Sheet(title, verdict, not remarks, remarks, _lines(report, words))


def _lines(report: Report, words: Words) -> tuple[Line, ...]:
    health, confirmed_s = report.health, report.upstream.confirmed_s_ago
    lines = [
        Line(words.label("platform"), _way(report.upstream, words)),
        Line(words.label("waiting"), words.label("readings", count=health.waiting)),
        Line(
            words.label("confirmed"),
            words.label("never_yet") if confirmed_s is None else words.label("ago", seconds=round(confirmed_s)),
        ),
        Line(words.label("identity"), _identity(report, words)),
        Line(words.label("local"), _way(report.local, words)),
    ]
    if health.clock is not None:
        now = words.label("known", now=_moment(report.at_ms)) if health.clock.known else words.label("unknown")
        lines.append(Line(words.label("clock"), now))
    if health.spool is not None:
        lines.append(Line(words.label("disk"), words.label("room", percent=round(health.spool.free_share * 100))))
    lines.append(Line(words.label("light"), _light(report, words)))
    return (*lines, *_agents(report, words))


def _agents(report: Report, words: Words) -> list[Line]:
    lines: list[Line] = []
    for agent in report.health.agents:
        seconds = max(0, (report.at_ms - agent.at_ms) // 1000)
        heard = words.label("agent", agent=agent.agent, seconds=seconds, waiting=agent.waiting)
        lines.append(Line(words.label("agents"), heard))
        for driver in agent.drivers:
            state = words.label(f"driver_{driver.state.value}")
            lines.append(Line("", words.label("driver", driver=driver.driver, state=state, frames=driver.frames)))
    return lines


def _way(way: Way, words: Words) -> str:
    return words.label("connected" if way.connected else "apart", address=way.address)


def _identity(report: Report, words: Words) -> str:
    standing = report.identity
    if standing is None:
        return words.label("password")
    if standing.ends_at_ms is None:
        return "-"
    return words.label("until", who=standing.name, day=_day(standing.ends_at_ms))


def _light(report: Report, words: Words) -> str:
    if report.identify:
        return words.label("blinks_fast")
    count = blinks_for(report.findings)
    return words.label("blinks", count=count) if count else words.label("blinks_0")


def _at(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(SHOWN_IN)


def _day(at_ms: int) -> str:
    return f"{_at(at_ms):%Y-%m-%d}"


def _moment(at_ms: int) -> str:
    return f"{_at(at_ms):%Y-%m-%d %H:%M:%S}"
