"""Writes docs/settings.md to stdout: every key of every settings file, from the structs that read them.

Responsible for the page. Refuses to describe anything itself: meanings are the structs' own docstrings, and a key
without one is an error.
"""

from __future__ import annotations

import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from shigotoba_backend.settings import BackendSettings
from shigotoba_dashboard.settings import Settings as DashboardSettings
from shigotoba_edge.drivers import DRIVERS, load
from shigotoba_edge.settings import AgentSettings
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_sim.settings import SimSettings

HEAD = """\
# Settings

Every settings file is TOML. A key that is unknown, missing or of the wrong type is refused with file, line and key;
what is not given has the value shown, and keys without one must be given. Secrets are never in a settings file: it
names the files they are in. Written by `make docs` from the structs that read the files.
"""


class Row(NamedTuple):
    """One key."""

    key: str
    kind: str
    default: str
    meaning: str


def page() -> str:
    """The whole page."""
    files = (
        ("backend.toml", BackendSettings),
        ("dashboard.toml", DashboardSettings),
        ("gateway.toml", GatewaySettings),
        ("edge.toml", AgentSettings),
        *((f"edge.toml, a `[[driver]]` of kind `{kind}`", load(kind).settings) for kind in DRIVERS),
        ("sim.toml", SimSettings),
    )
    return HEAD + "".join(section(title, struct) for title, struct in files)


def section(title: str, struct: type[msgspec.Struct]) -> str:
    """One file's keys; a table within it shows as ``table.key``."""
    lines = (f"| `{row.key}` | {row.kind} | {row.default} | {row.meaning} |\n" for row in rows(struct, ""))
    return f"\n## {title}\n\n| key | is | if not given | meaning |\n|---|---|---|---|\n{''.join(lines)}"


def rows(struct: type[msgspec.Struct], prefix: str) -> Iterator[Row]:
    """The keys of a struct, each with those of the table it stands for."""
    meanings = documented(struct)
    hints = typing.get_type_hints(struct, include_extras=False)
    for field in msgspec.structs.fields(struct):
        inner, many = table_in(hints[field.name])
        key = f"{prefix}{field.encode_name}"
        yield Row(f"[[{key}]]" if many else key, kind_of(hints[field.name]), default_of(field), meanings[field.name])
        if inner is not None and inner is not struct:
            yield from rows(inner, f"{key}.")


def documented(struct: type[msgspec.Struct]) -> dict[str, str]:
    """What the docstring says of each key, its bases' included.

    Raises:
        ValueError: It says nothing of one.
    """
    texts = (inspect.cleandoc(each.__doc__ or "") for each in reversed(struct.__mro__))
    found = [pair for text in texts for pair in re.findall(r"^    (\w+): (.+(?:\n {8,}.+)*)", text, re.MULTILINE)]
    meanings = {name: re.sub(r"\s+", " ", meaning).replace("``", "`").replace("|", "\\|") for name, meaning in found}
    missing = [field.name for field in msgspec.structs.fields(struct) if field.name not in meanings]
    if missing:
        raise ValueError(f"{struct.__module__}.{struct.__name__}: the docstring says nothing of {', '.join(missing)}")
    return meanings


def table_in(hint: Any) -> tuple[type[msgspec.Struct] | None, bool]:
    """The struct behind a key, if it is a table or a list of tables; and whether it is a list."""
    for each in (hint, *typing.get_args(hint)):
        if inspect.isclass(each) and issubclass(each, msgspec.Struct):
            return each, typing.get_origin(hint) in {tuple, list}
    return None, False


def kind_of(hint: Any) -> str:
    """A type in words."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(kind_of(each) for each in args if each is not type(None))
    if origin is typing.Literal:
        return " or ".join(f"`{each}`" for each in args)
    if origin in {tuple, list}:
        return f"list of {kind_of(args[0])}"
    if origin is dict:
        return "table"
    if inspect.isclass(hint) and issubclass(hint, msgspec.Struct):
        return "table"
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Path": "path"}
    return words.get(hint.__name__, hint.__name__)


def default_of(field: msgspec.structs.FieldInfo) -> str:
    """What holds if the key is not given; empty if it must be."""
    value = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    if value is msgspec.NODEFAULT:
        return ""
    if value is None or value in ((), [], {}, "", frozenset()):
        return "nothing"
    if isinstance(value, msgspec.Struct) or (isinstance(value, tuple) and isinstance(value[0], msgspec.Struct)):
        return "its own defaults"
    return f"`{msgspec.json.encode(value, enc_hook=str).decode()}`"


if __name__ == "__main__":
    sys.stdout.write(page())
