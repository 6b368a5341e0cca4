"""The greeting before the first D-Bus message: who are you, and may you come in.

Source: D-Bus Specification, "Authentication Protocol", server side, mechanism EXTERNAL. Lets in the user this process
runs as and nobody else; refuses passing of file descriptors.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct

MAX_LINES = 16
"""A client that has not begun after this many lines is not going to."""


class HandshakeError(Exception):
    """The client did not get in."""


async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bus_id: str) -> None:
    """Bring a new connection to the point where messages start.

    Raises:
        HandshakeError: The client gave up or talks something else.
        asyncio.IncompleteReadError: It hung up.
    """
    if await reader.readexactly(1) != b"\0":
        raise HandshakeError("the greeting does not start with a zero byte")
    peer = _peer_uid(writer)
    welcome = False
    for _ in range(MAX_LINES):
        line = (await reader.readuntil(b"\r\n"))[:-2].decode("ascii", "replace")
        if line == "BEGIN" and welcome:
            return
        answer = _answer(line, peer, bus_id)
        welcome = welcome or answer.startswith("OK ")
        writer.write(answer.encode() + b"\r\n")
    raise HandshakeError(f"no BEGIN within {MAX_LINES} lines")


def _answer(line: str, peer: int, bus_id: str) -> str:
    command, _, rest = line.partition(" ")
    if command == "AUTH" and rest == "EXTERNAL":
        return "DATA"
    if command == "DATA" and peer == os.getuid():
        return f"OK {bus_id}"
    if command == "AUTH" and rest == f"EXTERNAL {str(os.getuid()).encode().hex()}" and peer == os.getuid():
        return f"OK {bus_id}"
    if command in {"AUTH", "DATA", "CANCEL"}:
        return "REJECTED EXTERNAL"
    return "ERROR"


def _peer_uid(writer: asyncio.StreamWriter) -> int:
    connection: socket.socket = writer.get_extra_info("socket")
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", packed)
    return uid
