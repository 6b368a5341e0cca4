"""What command lines say, in Japanese as in English: one catalogue, held against the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_edge.__main__ import main as edge
from shigotoba_gateway.__main__ import main as gateway
from shigotoba_wire.spoken import language, said, sentences

ROOT = Path(__file__).parents[1]
TOLD = {"SettingsError", "OutboxError", "IdentityError"}
PLACE = re.compile(r"\{.*?\}")


def templates(room: str) -> Iterator[str]:
    """Every sentence that ``room`` raises as one of the errors a person reads at a command line."""
    for path in (ROOT / room / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TOLD and node.args:
                yield _template(node.args[0])


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{value}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "{value}"


@pytest.mark.parametrize("room", ["wire", "edge", "gateway"])
def test_every_error_of_a_device_is_said_in_japanese(room: str) -> None:
    raised = [text for text in templates(room) if text != "{value}"]
    assert len(raised) > 5
    assert [text for text in raised if said(text, "ja") == text] == []


def test_both_languages_have_the_same_values() -> None:
    kept = [
        english
        for english, japanese in sentences().items()
        if set(PLACE.findall(japanese)) != set(PLACE.findall(english))
    ]
    assert kept == []


def test_values_arrive_unchanged_and_a_sentence_within_a_sentence_is_said_too() -> None:
    english = "/etc/x.toml: Object missing required field `broker`."
    assert said(english, "ja") == "/etc/x.toml: 必須の項目 `broker` がありません。"
    assert said(english, "en") == english
    assert said("what nobody has foreseen", "ja") == "what nobody has foreseen"


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "SHIGOTOBA_LANG": "ja"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "", "SHIGOTOBA_LANG": ""}, "ja"),
    ],
)
def test_ours_decides_before_the_terminals(variables: dict[str, str], wanted: str) -> None:
    assert language(variables) == wanted


@pytest.mark.parametrize(
    ("command", "arguments", "wanted"),
    [
        (gateway, ["status", "--settings", "/nowhere/x.toml"], "/nowhere/x.toml: ファイルがありません。"),
        (gateway, ["renew", "--settings", "/nowhere/x.toml"], "/nowhere/x.toml: ファイルがありません。"),
        (gateway, ["dance"], "'dance' というコマンドはありません。"),
        (edge, ["check", "--settings", "/nowhere/x.toml"], "/nowhere/x.toml: ファイルがありません。"),
        (edge, ["dance"], "'dance' というコマンドはありません。"),
        (edge, ["discover", "--subnet", "here"], "--subnet here: 読めません"),
    ],
)
def test_an_electrician_reads_japanese(
    command: object,
    arguments: list[str],
    wanted: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHIGOTOBA_LANG", "ja")
    assert callable(command)
    assert command(arguments) != 0
    assert wanted in capsys.readouterr().err


def test_arguments_that_are_wrong_are_refused_in_japanese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIGOTOBA_LANG", "ja")
    with pytest.raises(SystemExit) as ended:
        edge(["watch"])
    assert ended.value.code == 2
    assert "次の引数が必要です: --settings" in capsys.readouterr().err
