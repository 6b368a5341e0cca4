"""Bytes into a message struct, with the one error that everything on the wire has.

Responsible for decoding. Refuses to know any message.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from shigotoba_wire.errors import MessageError, Refusal

Message = TypeVar("Message", bound=msgspec.Struct)


def decode_message(payload: bytes, kind: type[Message]) -> Message:
    """The ``kind`` in ``payload``.

    Raises:
        MessageError: It is none, or a value is out of range.
    """
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(Refusal.MALFORMED, f"{kind.__name__}: {error}") from error
