"""What could stand at a key of a settings file, for the sentence that says what cannot.

Responsible for the keys of a table and the words of a value, out of the struct that the file is read into. Refuses to
judge; where anything may stand it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import inspect

from shigotoba_wire.lines import Steps


def choices(kind: type[msgspec.Struct], steps: Steps) -> Sequence[str]:
    """The keys of the table at ``steps``, or the words for the value there; empty where it can be anything."""
    here = inspect.type_info(kind)
    for step in steps:
        here = _below(_plain(here), step)
    match _plain(here):
        case inspect.StructType(fields=fields):
            return [field.encode_name for field in fields]
        case inspect.LiteralType(values=values):
            return [str(value) for value in values]
        case inspect.EnumType(cls=enum):
            return [str(member.value) for member in enum]
        case _:
            return ()


def _below(here: inspect.Type, step: str | int) -> inspect.Type:
    match here:
        case inspect.StructType(fields=fields):
            return next((field.type for field in fields if field.encode_name == step), inspect.AnyType())
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return item
        case inspect.DictType(value_type=value):
            return value
        case _:
            return inspect.AnyType()


def _plain(here: inspect.Type) -> inspect.Type:
    """Without remarks, and without the choice of leaving it out."""
    match here:
        case inspect.Metadata(type=inner):
            return _plain(inner)
        case inspect.UnionType(types=types):
            given = [one for one in types if not isinstance(one, inspect.NoneType)]
            return _plain(given[0]) if len(given) == 1 else inspect.AnyType()
        case _:
            return here
