"""What a label says, scanned as a QR code by a scanner that types, pasted, or typed by hand.

Bluetooth sensors: an address and a key of 32 hex digits, in one code or in two, with whatever words around them.
EnOcean devices: the line of the EnOcean Alliance's "Product ID and Standardized Labeling Specification", parts joined
by a plus sign, ``30S`` the radio identity, ``1P`` the product, such as ``30S00000502E95F+1P000B00000050``.

Responsible for the text. Refuses to show it: a label holds a secret, and no error repeats it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

_ADDRESS: Final = re.compile(
    r"(?<![0-9A-Z])(?<![^0-9A-Z][0-9A-F]{2}[:-])"  # not in the middle of a longer identity
    r"(?:[0-9A-F]{2}([:-])[0-9A-F]{2}(?:\1[0-9A-F]{2}){4}|[0-9A-F]{12})"
    r"(?![0-9A-Z]|[:-][0-9A-F]{2}(?![0-9A-F]))"
)
_KEY: Final = re.compile(r"(?<![0-9A-Z])[0-9A-F]{32}(?![0-9A-Z])")
_IDENTITY: Final = re.compile(r"30S([0-9A-F]{8}|[0-9A-F]{12})")
_PRODUCT: Final = re.compile(r"1P([0-9A-F]{12})")


class LabelError(Exception):
    """The text is no label we know; says what was looked for, never what was there."""


@dataclass(frozen=True)
class SealedLabel:
    """A Bluetooth sensor's label, or the part of it that was in this code.

    Attributes:
        address: ``54:48:E6:8F:80:A5``, or empty.
        key: 32 hex digits, or empty.
    """

    address: str = ""
    key: str = field(default="", repr=False)

    def with_rest(self, other: SealedLabel) -> SealedLabel:
        """Both codes of a label that has two; where both say something the first counts."""
        return SealedLabel(self.address or other.address, self.key or other.key)


@dataclass(frozen=True)
class EnoceanLabel:
    """An EnOcean device's label.

    Attributes:
        source: 8 hex digits, lower case: the part of the identity that data telegrams carry. Learn telegrams carry 48
            bits in Japan, of which these are the low 32.
        product: 12 hex digits, maker and product; empty if the label does not say.
    """

    source: str
    product: str = ""


def read_label(text: str) -> SealedLabel | EnoceanLabel:
    """What a label says.

    Raises:
        LabelError: It is none that we know, or of more than one device.
    """
    plain = f" {unicodedata.normalize('NFKC', text).upper()} "
    for part in plain.split("+"):
        if found := _IDENTITY.fullmatch(part.strip()):
            return EnoceanLabel(found[1][-8:].lower(), _product(plain))
    return _sealed(plain)


def _product(plain: str) -> str:
    found = [match[1] for part in plain.split("+") if (match := _PRODUCT.fullmatch(part.strip()))]
    return found[0].lower() if found else ""


def _sealed(plain: str) -> SealedLabel:
    keys = set(_KEY.findall(plain))
    addresses = {_with_colons(found[0]) for found in _ADDRESS.finditer(plain)}
    if len(keys) > 1 or len(addresses) > 1:
        raise LabelError("the text names more than one device")
    if not keys and not addresses:
        raise LabelError("neither an address such as 54:48:E6:8F:80:A5, nor a key of 32 hex digits, nor 30S...")
    return SealedLabel("".join(addresses), "".join(keys))


def _with_colons(address: str) -> str:
    digits = address.replace(":", "").replace("-", "")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
