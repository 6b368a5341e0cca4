"""D-Bus messages as bytes: the header a bus must read and rewrite, and the few bodies it writes itself.

Source: D-Bus Specification, "Message Protocol" and "Type System". Responsible for message bytes only; a body is passed
through unread except for leading strings, which match rules look at. Refuses what the header does not hold by rule.
"""

from __future__ import annotations

import enum
import struct
from typing import Final, Literal

import msgspec

ByteOrder = Literal["<", ">"]

FIXED_LENGTH: Final = 16
"""Bytes from the byte order mark to the length of the header fields, inclusive."""

MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
"""Far below the protocol's 128 MiB: nothing in this building says so much at once."""

NO_REPLY_EXPECTED: Final = 0x1

_ORDERS: Final[dict[int, ByteOrder]] = {ord("l"): "<", ord("B"): ">"}
_FIELDS: Final = (
    (1, "path", "o"),
    (2, "interface", "s"),
    (3, "member", "s"),
    (4, "error_name", "s"),
    (5, "reply_serial", "u"),
    (6, "destination", "s"),
    (7, "sender", "s"),
    (8, "signature", "g"),
)
_BY_CODE: Final = {code: (name, signature) for code, name, signature in _FIELDS}


class FrameError(Exception):
    """These bytes are no D-Bus message; the connection that sent them is beyond use."""


class MessageKind(enum.IntEnum):
    """The second byte of a message."""

    CALL = 1
    RETURN = 2
    ERROR = 3
    SIGNAL = 4


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One message with its header understood and its body as bytes.

    Attributes:
        kind: Call, return, error or signal.
        flags: Bit 0 set: the caller wants no reply.
        serial: The sender's number for the message, never zero.
        path: Object path, of calls and signals.
        interface: Interface, of signals and most calls.
        member: Method or signal.
        error_name: Name of an error.
        reply_serial: Serial answered, zero where nothing is.
        destination: Name of the receiver, empty for a broadcast.
        sender: Unique name of the sender, written by the bus.
        signature: Types of the body.
        body: Arguments, marshalled in ``order``.
        order: Byte order as in ``struct``.
    """

    kind: MessageKind
    serial: int
    flags: int = 0
    path: str = ""
    interface: str = ""
    member: str = ""
    error_name: str = ""
    reply_serial: int = 0
    destination: str = ""
    sender: str = ""
    signature: str = ""
    body: bytes = b""
    order: ByteOrder = "<"


def message_length(head: bytes) -> int:
    """Length in bytes of the message that starts with ``head`` (``FIXED_LENGTH`` bytes of it).

    Raises:
        FrameError: No byte order, or longer than ``MAX_MESSAGE_BYTES``.
    """
    order = _ORDERS.get(head[0])
    if order is None:
        raise FrameError(f"no message starts with byte {head[0]:#04x}")
    body_length, _, fields_length = struct.unpack_from(order + "III", head, 4)
    length = _aligned(FIXED_LENGTH + fields_length, 8) + body_length
    if length > MAX_MESSAGE_BYTES:
        raise FrameError(f"a message of {length} bytes is longer than {MAX_MESSAGE_BYTES}")
    return length


def decode(raw: bytes) -> Frame:
    """The message in ``raw``, which has the length that ``message_length`` says.

    Raises:
        FrameError: The header is not as the specification has it.
    """
    order = _ORDERS[raw[0]]
    try:
        body_length, serial, fields_length = struct.unpack_from(order + "III", raw, 4)
        fields = _read_fields(raw, order, FIXED_LENGTH + fields_length)
        return msgspec.convert(
            {
                "kind": raw[1],
                "flags": raw[2],
                "serial": serial,
                "body": raw[len(raw) - body_length :] if body_length else b"",
                "order": order,
                **fields,
            },
            Frame,
        )
    except (struct.error, IndexError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise FrameError(f"a message header cannot be read: {error}") from error


def encode(frame: Frame) -> bytes:
    """The bytes of ``frame``, in its own byte order."""
    fields = bytearray()
    for code, name, signature in _FIELDS:
        value: str | int = getattr(frame, name)
        if value:
            fields.extend(bytes(-len(fields) % 8))
            fields.extend((code, 1, ord(signature), 0))
            fields.extend(_simple(frame.order, signature, value))
    mark = b"l" if frame.order == "<" else b"B"
    lengths = struct.pack(frame.order + "III", len(frame.body), frame.serial, len(fields))
    head = mark + bytes((frame.kind, frame.flags, 1)) + lengths + fields
    return head + bytes(-len(head) % 8) + frame.body


def leading_strings(frame: Frame) -> list[str]:
    """The arguments before the first that is neither string nor object path.

    Raises:
        FrameError: The body is shorter than its signature says.
    """
    values: list[str] = []
    offset = 0
    for kind in frame.signature:
        if kind not in "so":
            break
        offset = _aligned(offset, 4)
        try:
            value, offset = _read_string(frame.body, frame.order, offset)
        except (struct.error, UnicodeDecodeError, IndexError) as error:
            raise FrameError(f"argument {len(values)} of {frame.member} cannot be read: {error}") from error
        values.append(value)
    return values


def string_body(*values: str) -> bytes:
    """A little-endian body of strings."""
    body = bytearray()
    for value in values:
        body.extend(bytes(-len(body) % 4))
        body.extend(_simple("<", "s", value))
    return bytes(body)


def string_list_body(values: list[str]) -> bytes:
    """A little-endian body of one array of strings."""
    items = string_body(*values)
    return struct.pack("<I", len(items)) + items


def number_body(value: int) -> bytes:
    """A little-endian body of one unsigned 32-bit number or one truth value."""
    return struct.pack("<I", value)


def _aligned(offset: int, boundary: int) -> int:
    return offset + -offset % boundary


def _simple(order: ByteOrder, signature: str, value: str | int) -> bytes:
    if isinstance(value, int):
        return struct.pack(order + "I", value)
    text = value.encode()
    length = struct.pack("B" if signature == "g" else order + "I", len(text))
    return length + text + b"\0"


def _read_fields(raw: bytes, order: ByteOrder, end: int) -> dict[str, str | int]:
    fields: dict[str, str | int] = {}
    offset = FIXED_LENGTH
    while offset < end:
        offset = _aligned(offset, 8)
        name, signature = _BY_CODE.get(raw[offset], ("", ""))
        actual = chr(raw[offset + 2])
        value, offset = _read_simple(raw, order, actual, offset + 4)
        if name and actual != signature:
            raise FrameError(f"header field {name} has type {actual!r}, not {signature!r}")
        if name:
            fields[name] = value
    return fields


def _read_simple(raw: bytes, order: ByteOrder, signature: str, offset: int) -> tuple[str | int, int]:
    if signature == "u":
        return struct.unpack_from(order + "I", raw, offset)[0], offset + 4
    if signature == "g":
        end = offset + 1 + raw[offset]
        return raw[offset + 1 : end].decode(), end + 1
    if signature in "so":
        return _read_string(raw, order, offset)
    raise FrameError(f"a header field of type {signature!r} cannot be read")


def _read_string(raw: bytes, order: ByteOrder, offset: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(order + "I", raw, offset)
    end = offset + 4 + length
    if raw[end] != 0:
        raise FrameError("a string does not end in zero")
    return raw[offset + 4 : end].decode(), end + 1
