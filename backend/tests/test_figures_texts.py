"""Every sentence about figures, plans, effects and exports is there in Japanese, with the same values in it."""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from shigotoba_backend.texts import texts_in

ROOMS = ("imports", "plans", "effects", "exports", "report")
ROUTES = ("imports", "plans", "exports", "indicators", "reports")


@contextmanager
def undisturbed() -> Generator[None]:
    """No garbage collection, and so no code of anybody else's, while Python 3.11 makes a syntax tree.

    Its count of the recursion is one for the whole interpreter (CPython gh-106905). A finaliser that formats a
    traceback parses too, and a thread may be let in; what had been begun then ends with a ``SystemError``.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def modules() -> Iterator[Path]:
    root = Path(str(files("shigotoba_backend")))
    for room in ROOMS:
        yield from (root / room).rglob("*.py")
    yield from (root / "api" / "routes" / f"{name}.py" for name in ROUTES)


def messages() -> Iterator[str]:
    for module in modules():
        with undisturbed():
            tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
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


def test_sources_are_read_whatever_the_garbage_of_other_tests_does() -> None:
    def parse_too(phase: str, _info: dict[str, int]) -> None:
        if phase == "stop":
            ast.parse("1")

    gc.callbacks.append(parse_too)
    try:
        assert len(list(messages())) > 50
    finally:
        gc.callbacks.remove(parse_too)
