"""What is wired to which input of which module.

Responsible for the shape of the ``[[driver]]`` table and for what may not be in it. Refuses to poll.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal

import msgspec

from shigotoba_edge.driver import DriverSettings, TableError
from shigotoba_wire.readings import is_name

MOST_INPUTS: Final = 2_000
MOST_REGISTERS: Final = 125
"""What one request may ask for (MODBUS Application Protocol 1.1b3, sections 6.2 and 6.4)."""

Address = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is wired to a module.

    Attributes:
        device: Identity it is to have, such as ``wired-1-0``. Two buttons may be one device.
        point: What it tells.
        input: Number of its discrete input, from 0.
        counter: First input register of the counter that latches its rises, from 0; high word first.
        counter_words: Registers of that counter, of 16 bits each.
        says: What a press of a button is called, such as ``AI``.
        inverted: The input is on when there is nobody, or when the contact is open.
        latched: The module keeps a press of a button until it is asked: every time the input is found on is a press.
    """

    device: str
    point: Literal["occupancy", "motion", "contact", "button"]
    input: Address | None = None
    counter: Address | None = None
    counter_words: Literal[1, 2] = 2
    says: str = "press"
    inverted: bool = False
    latched: bool = False


class Module(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One module on the wire.

    Attributes:
        unit: Its number.
        input: What is wired to it.
    """

    unit: Annotated[int, msgspec.Meta(ge=1, le=247)]
    input: Annotated[tuple[Input, ...], msgspec.Meta(min_length=1)]


class Settings(DriverSettings, frozen=True, kw_only=True):
    """An RS-485 adapter and the modules behind it.

    Attributes:
        port: Its device file; better a name under ``/dev/serial/by-id`` than ``/dev/ttyUSB0``, which may change.
        module: The modules.
        baud: Bits per second.
        parity: Even, odd or none; Modbus says even unless a module says otherwise.
        stop_bits: 1 or 2; some modules want 2 where there is no parity.
        poll_every_s: Pause between two rounds. A press that is shorter is missed where no counter latches it.
        answer_within_s: A module that takes longer does not answer.
        say_again_s: An unchanged state is reported again this often, as a sign of life.
    """

    port: str
    module: Annotated[tuple[Module, ...], msgspec.Meta(min_length=1)]
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 19200
    parity: Literal["E", "O", "N"] = "E"
    stop_bits: Literal[1, 2] = 1
    poll_every_s: Annotated[float, msgspec.Meta(ge=0.01, le=60)] = 0.25
    answer_within_s: Annotated[float, msgspec.Meta(ge=0.02, le=10)] = 0.3
    say_again_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 30.0


class Span(msgspec.Struct, frozen=True):
    """Neighbouring addresses read with one request."""

    first: int
    count: int


def span_of(addresses: Sequence[int]) -> Span | None:
    """The span that holds all ``addresses``; None if there are none."""
    return Span(min(addresses), max(addresses) - min(addresses) + 1) if addresses else None


def inputs_of(module: Module) -> Span | None:
    """The discrete inputs to ask ``module`` for."""
    return span_of([wired.input for wired in module.input if wired.input is not None])


def registers_of(module: Module) -> Span | None:
    """The input registers to ask ``module`` for."""
    starts = [(wired.counter, wired.counter_words) for wired in module.input if wired.counter is not None]
    return span_of([address for first, words in starts for address in (first, first + words - 1)])


def check(settings: Settings) -> None:
    """See that every input can be asked for.

    Raises:
        TableError: Something is missing, stands twice or lies too far apart.
    """
    seen: set[int] = set()
    for number, module in enumerate(settings.module):
        key = f"module[{number}]"
        if module.unit in seen:
            raise TableError(f"two modules have the unit {module.unit}. Give each its own table once.", f"{key}.unit")
        seen.add(module.unit)
        for at, wired in enumerate(module.input):
            for of, flaw in _flaws(wired):
                raise TableError(flaw, f"{key}.input[{at}].{of}")
        for span, most in ((inputs_of(module), MOST_INPUTS), (registers_of(module), MOST_REGISTERS)):
            if span is not None and span.count > most:
                raise TableError(f"addresses from {span.first} on span more than {most}.", f"{key}.input")


def _flaws(wired: Input) -> Iterator[tuple[str, str]]:
    if not is_name(wired.device):
        yield "device", f"{wired.device!r} cannot be a name. Use letters, digits and : . _ -"
    if wired.point == "button" and wired.input is None and wired.counter is None:
        yield "input", "a button needs `counter`, or at least `input`."
    if wired.point != "button" and wired.input is None:
        yield "input", f"{wired.point} needs `input`."
    if wired.point != "button" and wired.counter is not None:
        yield "counter", "only a button has a `counter`."
    if wired.latched and (wired.point != "button" or wired.input is None or wired.counter is not None):
        yield "latched", "only the `input` of a button is latched, and one with a `counter` need not be."
