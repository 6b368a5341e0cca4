"""What `--help` says is in both languages: the catalogue has every sentence that the parsers show."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from shigotoba_backend.cli import main as backend
from shigotoba_edge.__main__ import main as edge
from shigotoba_gateway.__main__ import main as gateway
from shigotoba_wire.columns import columns_of, folded
from shigotoba_wire.spoken import said

ROOT = Path(__file__).parents[1]
PARSERS = {"Parser", "add_argument", "add_parser"}
WORDS = {"Command", "Group", "Part"}
"""Calls that make a parser or a part of one, and names of commands with what they do in a few words."""
EXAMPLE = re.compile(r"such as [\d-]+")

Main = Callable[[Sequence[str]], int]


def shown(room: str) -> Iterator[str]:
    """Every sentence that a parser of ``room`` shows."""
    for path in (ROOT / room / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from filter(None, map(_text, _sentences(node)))


def _sentences(node: ast.Call) -> Iterator[ast.expr]:
    name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
    if name in PARSERS:
        yield from (keyword.value for keyword in node.keywords if keyword.arg in {"help", "description"})
    elif name in WORDS and len(node.args) > 1:
        yield node.args[1]


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{value}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize(("room", "least"), [("edge", 12), ("gateway", 20), ("backend", 100)])
def test_everything_that_help_shows_is_in_the_catalogue(room: str, least: int) -> None:
    sentences = list(shown(room))
    assert len(sentences) >= least
    assert [text for text in sentences if said(text, "ja") == text and not EXAMPLE.fullmatch(text)] == []


def helped(main: Main, *arguments: str) -> int:
    try:
        return main([*arguments, "--help"])
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.mark.parametrize(
    ("main", "arguments", "wanted"),
    [
        (edge, (), "受信した値をその場で表示する"),
        (edge, ("watch",), "名前にこの文字を含む機器だけ"),
        (gateway, (), "招待を使って、この機器をゲートウェイにする"),
        (gateway, ("agent",), "登録を取り消す"),
        (gateway, ("claim",), "ゲートウェイの設定ファイル（TOML）（/etc/shigotoba/gateway.toml）"),
        (backend, (), "ゲートウェイを招待する"),
        (backend, ("gateway", "command"), "何分以内に始めるか"),
    ],
)
def test_help_is_in_the_language_of_the_terminal(
    main: Main,
    arguments: tuple[str, ...],
    wanted: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SHIGOTOBA_LANG", "ja")
    assert helped(main, *arguments) == 0
    japanese = capsys.readouterr().out
    assert japanese.startswith("使い方: ")
    assert wanted in japanese.replace("\n" + " " * 24, "")
    assert "show this help message" not in japanese
    monkeypatch.setenv("SHIGOTOBA_LANG", "en")
    assert helped(main, *arguments) == 0
    english = capsys.readouterr().out
    assert english.startswith("usage: ")
    assert english.isascii()


def test_lines_end_where_the_terminal_does_and_words_stay_whole() -> None:
    text = "ドライバーが受信した値を表示します。--settings /etc/shigotoba/gateway.toml を使います。"
    lines = folded(text, 30)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns_of(line) <= 32 for line in lines)
    assert any("/etc/shigotoba/gateway.toml" in line for line in lines)
    assert [line for line in lines if line[0] in "。、"] == []
    assert folded("one two three", 7) == ["one two", "three"]
