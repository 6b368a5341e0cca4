"""The product's figures, as ``python -m shigotoba_backend figures`` prints them.

Responsible for the shape that is relied on. Refuses to know where the product has them from.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import msgspec

from shigotoba_wire.errors import SettingsError


class ProductError(SettingsError):
    """What should be the product's figures is not."""


class SpaceDay(msgspec.Struct, frozen=True):
    """One space on one day; None where nothing is known."""

    day: date
    space: str
    kind: str
    occupied_s: float | None
    known_s: float
    presses: int | None


class PrinterDay(msgspec.Struct, frozen=True):
    """One printer on one day; a counter that could not be followed is None. ``hours`` is for how many it could."""

    day: date
    device: str
    hours: int
    resets: int
    wraps: int
    impressions_total: int | None = None
    impressions_print: int | None = None
    impressions_copy: int | None = None
    impressions_fax: int | None = None
    impressions_other: int | None = None
    fax_sent: int | None = None
    scan_sent: int | None = None
    sheets_total: int | None = None
    fax_received: int | None = None


class BoothDay(msgspec.Struct, frozen=True):
    """What was booked beforehand of one booth, by the day on which it began."""

    day: date
    space: str
    bookings: int
    booked_s: float
    used: int
    no_shows: int
    recovered_s: float


class UnmetDay(msgspec.Struct, frozen=True):
    """How many looked for a booth of the site on a day and found none."""

    day: date
    searches: int


class Product(msgspec.Struct, frozen=True):
    """All figures from ``first`` to ``last``, both included; a product that knows no bookings tells none."""

    site: str
    first: date
    last: date
    use: tuple[SpaceDay, ...]
    printing: tuple[PrinterDay, ...]
    bookings: tuple[BoothDay, ...] | None = None
    unmet: tuple[UnmetDay, ...] | None = None


def read_product(name: str, site: str, first: date, last: date) -> Product:
    """The figures in the file ``name``, or on standard input for ``-``.

    Raises:
        ProductError: They cannot be read, are no figures, or are those of another site or of other days.
    """
    try:
        told = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        product = msgspec.json.decode(told, type=Product)
    except OSError as error:
        raise ProductError(f"{name}: cannot be read ({error.strerror}).") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProductError(f"{name}: not what `shigotoba_backend figures` prints ({error}).") from error
    if product.site != site or product.first > first or product.last < last:
        raise ProductError(
            f"{name}: has {product.site} from {product.first} to {product.last}, "
            f"wanted is {site} from {first} to {last}. Ask the backend for these days."
        )
    return product
