"""Recordings of real agents, served as devices.

Source: the ``.snmprec`` format of snmpsim: ``oid|tag|value`` per line, the tag being the BER tag, with an ``x`` behind
it where the value is hexadecimal. Responsible for reading; refuses the format's variation modules, which compute.
"""

from __future__ import annotations

from pathlib import Path

from shigotoba_sim.faces.mfp.tree import Cell, Oid, Syntax, Tree, oid


class RecordingError(Exception):
    """A line of a recording cannot be read; the message names file, line and content."""


def read_recording(path: Path) -> Tree:
    """The values recorded in ``path``.

    Raises:
        RecordingError: A line is not of this format.
        OSError: The file cannot be read.
    """
    tree: Tree = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            try:
                name, cell = _row(line)
            except ValueError as error:
                raise RecordingError(f"{path}, line {number}: {line!r} is no row of a recording ({error})") from error
            tree[name] = cell
    return tree


def _row(line: str) -> tuple[Oid, Cell]:
    name, tag, value = line.split("|", 2)
    syntax = Syntax(int(tag.rstrip("x")))
    return oid(name), Cell(syntax, _value(syntax, value, hexadecimal=tag.endswith("x")))


def _value(syntax: Syntax, value: str, hexadecimal: bool) -> int | bytes | Oid:
    if hexadecimal:
        return bytes.fromhex(value)
    if syntax is Syntax.OCTETS:
        return value.encode()
    if syntax is Syntax.OBJECT_IDENTIFIER:
        return oid(value)
    if syntax is Syntax.IP_ADDRESS:
        return bytes(int(part) for part in value.split("."))
    return int(value)
