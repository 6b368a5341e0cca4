"""The things that happen, as values: somebody sits down, presses a rocker, sends a job to a printer.

Responsible for the shapes. Refuses to decide what happens (see ``days``) and how a device tells of it (see ``faces``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Rocker = Literal["AI", "AO", "BI", "BO"]
Function = Literal["print", "copy", "fax_in", "fax_out", "scan", "other"]


class Presence(msgspec.Struct, frozen=True, gc=False):
    """A seat or booth becomes occupied or vacant at ``at_ms``.

    Attributes:
        at_ms: When, UTC milliseconds.
        space: Code of the seat or booth.
        occupied: Whether somebody has come or gone.
        person: Number of whoever it is, on the roll or of the crew round the clock; None for somebody on command.
            Only the truth ever sees it.
    """

    at_ms: int
    space: str
    occupied: bool
    person: int | None = None


class Press(msgspec.Struct, frozen=True, gc=False):
    """The rocker of booth ``space`` is pressed at ``at_ms``: I sides start a use, O sides end it."""

    at_ms: int
    space: str
    button: Rocker


class Job(msgspec.Struct, frozen=True, gc=False):
    """A printer finishes a job.

    Attributes:
        at_ms: When its counters moved, UTC milliseconds.
        mfp: Device of the printer.
        function: What it did.
        impressions: Sides marked; 0 for ``fax_out`` and ``scan``.
        sheets: Sheets fed.
        colour: Whether the sides were marked in colour.
        pages: Pages sent, received or scanned; 0 for ``print``, ``copy`` and ``other``.
    """

    at_ms: int
    mfp: str
    function: Function
    impressions: int
    sheets: int
    colour: bool = False
    pages: int = 0


Event = Presence | Press | Job
