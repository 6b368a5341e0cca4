"""Every sentence about figures, plans, effects and exports is there in Japanese, with the same values in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from shigotoba_backend.texts import texts_in

ROOMS = ("imports", "plans", "effects", "exports", "report")
ROUTES = ("imports", "plans", "exports", "indicators", "reports")


def modules() -> Iterator[Path]:
    root = Path(str(files("shigotoba_backend")))
    for room in ROOMS:
        yield from (root / room).rglob("*.py")
    yield from (root / "api" / "routes" / f"{name}.py" for name in ROUTES)


def messages() -> Iterator[str]:
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                yield ast.literal_eval(node.args[0])


def test_every_message_is_said_in_japanese_with_the_same_values() -> None:
    catalogue = texts_in("ja").catalogue
    found = list(messages())
    assert len(found) > 50
    for text in found:
        assert text in catalogue, text
        names = set(re.findall(r"\{(\w+)\}", text))
        assert set(re.findall(r"\{(\w+)\}", catalogue[text])) <= names, text
