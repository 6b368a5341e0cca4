"""What command lines say, in Japanese as in English: one catalogue, held against the code."""

from __future__ import annotations

import ast
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.enrolment.refusals import MEANINGS
from shigotoba_edge.__main__ import main as edge
from shigotoba_edge.serial_ports import trouble
from shigotoba_gateway.__main__ import main as gateway
from shigotoba_sim.cli import main as simulator
from shigotoba_wire.spoken import language, said, sentences

ROOT = Path(__file__).parents[1]
TOLD = {
    "SettingsError": 0,
    "OutboxError": 0,
    "IdentityError": 0,
    "RefusedError": 1,
    "DriverError": 0,
    "SnmpError": 1,
    "LabelError": 0,
    "AbandonedError": 0,
    "inform": 0,
    "_asked": 0,
    "TableError": 0,
    "refusal": 1,
    "CommandError": 0,
    "OrderError": 0,
    "ProductError": 0,
    "NoBrokerError": 0,
    "UnknownTargetError": 0,
    "ArgumentTypeError": 0,
}
"""What says a sentence to a person at a command line, and which of its arguments that is."""
FLAWS = re.compile(r"_?flaws|_misfits")
"""Functions that yield the sentence last."""
PLACE = re.compile(r"\{.*?\}")
WORD = re.compile(r"[A-Za-z]{2}")


def templates(room: str) -> Iterator[str]:
    """Every sentence that ``room`` raises as one of the errors a person reads at a command line."""
    for path in (ROOT / room / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from map(_template, _sentences(node))


def _sentences(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        at = TOLD.get(getattr(node.func, "id", "") or getattr(node.func, "attr", ""))
        if at is not None and len(node.args) > at:
            yield node.args[at]
    if isinstance(node, ast.FunctionDef) and FLAWS.fullmatch(node.name):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Yield) and isinstance(inner.value, ast.Tuple):
                yield inner.value.elts[-1]


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{value}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "{value}"


@pytest.mark.parametrize("room", ["wire", "edge", "gateway", "firmware-sim"])
def test_every_error_of_a_device_or_of_the_simulator_is_said_in_japanese(room: str) -> None:
    raised = [text for text in templates(room) if WORD.search(PLACE.sub("", text))]
    assert len(raised) > 5
    assert [text for text in raised if said(text, "ja") == text] == []


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EBUSY, errno.ENOTTY, errno.EIO])
def test_why_a_port_cannot_be_used_is_said_in_japanese_with_the_port(number: int) -> None:
    why = trouble("/dev/null", OSError(number, os.strerror(number)))
    japanese = said(why, "ja")
    assert japanese != why
    assert japanese.startswith("/dev/null")


def test_what_the_platform_refuses_a_gateway_is_said_in_japanese_too() -> None:
    """It is asked for in English; a person before the device may read either."""
    invites = {"unknown_site", "other_site", "bad_name", "no_certificate"}  # said to administrators alone
    refusals = [text for code, text in MEANINGS.items() if code not in invites]
    refusals += [
        REASONS[code] for code in ("too_many_requests", "no_database", "our_fault", "not_understood", "not_found")
    ]
    assert [text for text in refusals if said(PLACE.sub("1", text), "ja") == PLACE.sub("1", text)] == []


def test_what_a_gateway_complains_of_is_said_in_japanese() -> None:
    """Its ``problems``, which the dashboard shows; their sentences stand in lists, where ``templates`` finds none."""
    files = ("gateway/src/shigotoba_gateway/storeroom.py", "gateway/src/shigotoba_gateway/twins.py")
    trees = [
        ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in (*files, "wire/src/shigotoba_wire/clock.py")
    ]
    complaining = [node for tree in trees for node in ast.walk(tree) if getattr(node, "name", "") == "problems"]
    written = [node for each in complaining for node in ast.walk(each) if isinstance(node, ast.JoinedStr)]
    told = [text for text in map(_template, written) if WORD.search(PLACE.sub("", text))]
    assert len(told) == 7
    assert [text for text in told if said(text, "ja") == text] == []


def test_both_languages_have_the_same_values() -> None:
    kept = [
        english
        for english, japanese in sentences().items()
        if set(PLACE.findall(japanese)) != set(PLACE.findall(english))
    ]
    assert kept == []


def test_values_arrive_unchanged_and_a_sentence_within_a_sentence_is_said_too() -> None:
    english = "/etc/x.toml, line 7, driver[0].broker: Object missing required field `broker`."
    assert said(english, "ja") == "/etc/x.toml の 7 行目、driver[0].broker: 必須の項目 `broker` がありません。"
    assert said(english, "en") == english
    within = "/etc/x.toml, line 7, driver[0]: /etc/keys.toml, line 2, 54:48: the key is not 32 hex digits."
    assert said(within, "ja").endswith("driver[0]: /etc/keys.toml の 2 行目、54:48: 鍵が16進 32 桁ではありません。")
    assert "整数を書きます" in said("/etc/x.toml, line 1, port: Expected `int`, got `str`.", "ja")
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
        (simulator, ["live", "--settings", "/nowhere/x.toml"], "/nowhere/x.toml: ファイルがありません。"),
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
    for command, arguments in ((edge, ["watch"]), (simulator, ["live"])):
        with pytest.raises(SystemExit) as ended:
            command(arguments)
        assert ended.value.code == 2
        assert "次の引数が必要です: --settings" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        simulator(["compare", "--settings", "x.toml", "--from", "yesterday", "--to", "2026-11-02"])
    assert "日付ではありません" in capsys.readouterr().err
