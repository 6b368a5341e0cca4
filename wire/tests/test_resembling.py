"""Whatever resembles a message is one, or has the one error; every decoder of the wire is found and tried."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shigotoba_wire
from shigotoba_testing.resembling import resembling
from shigotoba_wire.decoding import decode_message
from shigotoba_wire.errors import MessageError
from shigotoba_wire.senml import Columns, decode_batch, decode_columns

Decoder = Callable[[bytes], Any]


def decoders() -> list[Decoder]:
    """Every public ``decode_...`` of one payload, but for the general one."""
    modules = [
        importlib.import_module(f"shigotoba_wire.{each.name}") for each in pkgutil.iter_modules(shigotoba_wire.__path__)
    ]
    found = {
        name: value
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("decode_") and value is not decode_message
    }
    return [found[name] for name in sorted(found)]


MESSAGES = [each for each in decoders() if each not in {decode_batch, decode_columns}]
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "bn": st.sampled_from(["honcho/gw-1/", "honcho/", "/", "", "\0/\0/"]),
        "bt": st.sampled_from([1_790_000_000, 1_790_000_000.123, 0, -1, 1e300, "1"]),
        "ep": st.sampled_from(["e", "", "\0", 1]),
        "sq": st.sampled_from([1, 0, -1, 2**53, 2**64, "1", None]),
        "n": st.sampled_from(["ble-1/occupancy", "mfp-1/impressions_total", "x", "", "a/b/c", "\ud800/occupancy"]),
        "t": st.sampled_from([0, 0.001, -5, 1e18, "x"]),
        "v": st.sampled_from([1, 2**64, 1e308, -0.0, "1", True]),
        "vb": st.sampled_from([True, 1, None]),
        "vs": st.sampled_from(["AI", "", "\0", "x" * 5_000, 1]),
        "ql": st.sampled_from(["uncertain", "", 1]),
    },
)


def test_every_message_has_a_decoder_that_is_tried() -> None:
    assert len(MESSAGES) >= 9


@pytest.mark.parametrize("decode", MESSAGES, ids=lambda each: each.__name__)
@settings(max_examples=15)
@given(data=st.data())
def test_what_resembles_a_message_is_one_or_has_the_one_error(decode: Decoder, data: st.DataObject) -> None:
    payload = data.draw(resembling(typing.get_type_hints(decode)["return"]))
    with suppress(MessageError):
        assert isinstance(decode(payload), typing.get_type_hints(decode)["return"])


@settings(max_examples=40)
@given(entries=st.lists(ENTRY, max_size=4).map(lambda each: json.dumps(each).encode()))
def test_what_resembles_a_batch_is_one_for_both_decoders_or_for_none(entries: bytes) -> None:
    try:
        columns: Columns | None = decode_columns(entries)
    except MessageError:
        columns = None
    if columns is None:
        with pytest.raises(MessageError):
            decode_batch(entries)
    else:
        assert [reading.device for reading in decode_batch(entries).readings] == [
            columns.reading(index).device for index in range(len(columns.names))
        ]
