"""JSON that resembles a message or a file: right in shape, with odd values, and here and there something else.

Random bytes never come past a decoder; what comes past and is still odd is what these strategies look for.
"""

from __future__ import annotations

import builtins
import enum
import inspect
import json
import types
import typing
from datetime import date, datetime, time
from typing import Any

import msgspec
from hypothesis import strategies as st

NOW_MS = 1_794_000_000_000
TEXTS = st.sampled_from(
    ["", "honcho", "gw-1", "3f", "3f-b1", "席", "\0", "\ud800", "a" * 300, "x\ny", "'; --", "Asia/Tokyo"]
)
NUMBERS = st.sampled_from([0, 1, 2, 3, 41, NOW_MS, NOW_MS - 60_000, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**64])
MOMENTS = st.sampled_from(["2026-11-20T09:00:00+09:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-20"])
DAYS = st.sampled_from(["2026-11-20", "2026-11-21", "0001-01-01", "9999-12-31"])
ODD = st.one_of(
    st.none(), st.booleans(), TEXTS, NUMBERS, st.floats(allow_nan=False), st.just([]), st.just({}), st.text(max_size=5)
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: NUMBERS,
    float: st.one_of(NUMBERS, st.floats(allow_nan=False)),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: MOMENTS,
    date: DAYS,
    time: st.sampled_from(["00:00:00", "08:30:00", "23:59:59"]),
}


@st.composite
def resembling(draw: st.DrawFn, kind: type[msgspec.Struct]) -> bytes:
    """A payload that is almost, or wholly, a ``kind``."""
    document = draw(shaped(kind))
    for _ in range(draw(st.integers(0, 2))):
        document = _spoilt(draw, document)
    return json.dumps(document).encode()


def shaped(hint: Any) -> st.SearchStrategy[Any]:
    """JSON of the shape that a type annotation asks for; of its values only the types are right."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    match origin:
        case typing.Annotated:
            made = shaped(arguments[0])
        case types.UnionType | typing.Union:
            made = st.one_of(*(shaped(each) for each in arguments))
        case typing.Literal:
            made = st.sampled_from(arguments)
        case builtins.tuple | builtins.list:
            made = st.lists(shaped(arguments[0]), max_size=3)
        case builtins.dict:
            made = st.dictionaries(TEXTS, shaped(arguments[1]), max_size=3)
        case _:
            made = _single(hint)
    return made


def _single(hint: Any) -> st.SearchStrategy[Any]:
    if inspect.isclass(hint) and issubclass(hint, msgspec.Struct):
        return _struct(hint)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return st.sampled_from([each.value for each in hint])
    return PLAIN.get(hint, ODD)


def _struct(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {
        field.encode_name: st.deferred(lambda hint=hints[field.name]: shaped(hint))
        for field in msgspec.structs.fields(kind)
    }
    if kind.__struct_config__.array_like:
        return st.tuples(*fields.values()).map(list)
    needed = {field.encode_name for field in msgspec.structs.fields(kind) if field.required}
    return st.fixed_dictionaries(
        {name: value for name, value in fields.items() if name in needed},
        optional={name: value for name, value in fields.items() if name not in needed},
    )


def _spoilt(draw: st.DrawFn, document: Any) -> Any:
    """The document with something else at one of its places."""
    if not isinstance(document, (dict, list)) or not document or draw(st.integers(0, 3)) == 0:
        return draw(ODD)
    if isinstance(document, list):
        place: Any = draw(st.integers(0, len(document) - 1))
    else:
        place = draw(st.sampled_from(sorted(document)))
    document[place] = _spoilt(draw, document[place])
    return document
