"""Whoever follows a link in what is written down arrives, and whoever copies a command of a run-book has one."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NoReturn

import pytest

from shigotoba_backend.cli import PARTS
from shigotoba_backend.commands import add_parts

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for where in ("*.md", "docs/**/*.md", "*/README.md", "*/src/**/README.md", "deploy/**/README.md")
    for path in ROOT.glob(where)
)
LINK = re.compile(r"""(?:\]\(|(?:src|href)=")(?!https?://|mailto:)([^)#"\s]*)(?:#([^)"\s]*))?[)"]""")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
RUNBOOKS = ROOT / "docs" / "runbooks.md"
COMMAND = re.compile(r"`(?:python -m shigotoba_backend )?([a-z][a-z-]*)((?: [a-z][a-z-]*)*)(?: S)?`")


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings."""
    kept = CODE.sub(lambda found: "" if found[0].startswith("```") else found[0], page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(kept)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    broken = [target for target, _ in links if not (page.parent / target).exists()]
    lost = [
        f"{target}#{anchor}"
        for target, anchor in links
        if anchor
        and (found := page.parent / target if target else page).suffix == ".md"
        and anchor not in anchors(found)
    ]
    assert (broken, lost) == ([], [])


def test_there_is_a_run_book_for_each_of_the_ten_likeliest_troubles() -> None:
    troubles = re.findall(r"^## (.+)$", RUNBOOKS.read_text(encoding="utf-8"), re.MULTILINE)[1:]
    assert len(troubles) == 10
    alerts = (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
    named = re.findall(r"alerts? `(\w+)`", RUNBOOKS.read_text(encoding="utf-8"))
    assert [name for name in named if f"alert: {name}" not in alerts] == []


def test_every_command_of_a_run_book_is_one() -> None:
    known = {each.name for each in PARTS}
    said = COMMAND.findall(RUNBOOKS.read_text(encoding="utf-8"))
    commands = [[word, *rest.split()] for word, rest in said if word in known]
    assert len(commands) > 8
    assert [(words, flaw) for words in commands if "choice" in (flaw := _flaw(words))] == []


class _Strict(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def _flaw(words: list[str]) -> str:
    """What the command line says against ``words``; that more is needed is none of a run-book's mistakes."""
    parser = _Strict()
    add_parts(parser, PARTS, words)
    try:
        parser.parse_args(words)
    except ValueError as error:
        return str(error)
    return ""
