"""A number as people write it in Japanese documents, read into a figure or refused with help.

Read are full-width digits, 約 and other marks of an estimate, ▲ and △ for negatives, thousands separators, scales from
千 to 兆, a unit behind the number, 割 as tenths, and bounds such as 以上. Refused is whatever has two readings: a lone
dash, a footnote mark, a misplaced comma, digits with gaps.

Responsible for one number. Refuses to judge whether its unit is the right one (see ``columns``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal

import msgspec

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.widths import ordinary
from shigotoba_backend.texts import message

Bound = Literal["exact", "at_least", "at_most"]

_SCALES: Final = {"兆": 10**12, "億": 10**8, "百万": 10**6, "万": 10**4, "千": 10**3}
_ESTIMATES_BEFORE: Final = ("約", "およそ", "おおよそ", "概ね", "おおむね", "推計", "推定", "見込み", "見込")
_ESTIMATES_BEHIND: Final = ("程度", "前後", "弱", "強", "余り", "余", "(推計)", "(見込み)", "(見込)")
_BOUNDS: Final[dict[str, Bound]] = {
    "以上": "at_least",
    "超": "at_least",
    "以下": "at_most",
    "未満": "at_most",
}
_DIGITS: Final = r"[0-9][0-9,]*+(?:\.[0-9]++)?"
_SCALE: Final = "兆|億|百万|万|千"
_SHAPE: Final = re.compile(
    rf"(?P<sign>[▲△+-]|マイナス)? *+(?P<number>(?=[0-9])(?:{_DIGITS}(?:{_SCALE}))*+(?:{_DIGITS})?) *+(?P<unit>[^0-9]*+)"
)
_PART: Final = re.compile(rf"(?P<digits>{_DIGITS})(?P<scale>{_SCALE})?")
_GROUPED: Final = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_KANJI_NUMERAL: Final = re.compile(r"[〇一二三四五六七八九十百]")
_FOOTNOTE: Final = re.compile("[※*†‡]")
_LONGEST: Final = 60

NOT_A_NUMBER: Final = message("“{written}” is not a number. Write digits, such as 123400, 12万3,400 or ▲5.")
BLANK_OR_ZERO: Final = (
    "“{written}” may mean zero or not known. Write 0 for zero and leave the cell blank if it is not known."
)
FOOTNOTE: Final = message(
    "“{written}” carries a footnote mark. Write the number alone and the remark in the column for notes."
)
MISPLACED_COMMA: Final = message(
    "“{written}” has a comma where thousands do not end. Write {plain} if that is what is meant."
)
NOT_DESCENDING: Final = message(
    "“{written}” does not add up: each part must be smaller than the one before it, as in 12万3,400."
)
FRACTION_FIRST: Final = message("“{written}” goes on after a decimal point. Write 1.5億 or 1億5,000万.")
KANJI_DIGITS: Final = message("“{written}” is written in kanji numerals. Write it in digits, such as 12万.")
TOO_LONG: Final = message("A number of more than {most} characters is not read. Write it in digits, such as 123400.")


class Figure(msgspec.Struct, frozen=True):
    """A number as it was meant.

    Attributes:
        value: The number itself; 割 is given in per cent.
        unit: What stood behind it, such as 枚 or %; empty where nothing did.
        estimate: The writer marked it as one (約, 推計, 程度 ...).
        bound: Whether it is the value or only a limit (以上, 未満 ...).
    """

    value: Decimal
    unit: str = ""
    estimate: bool = False
    bound: Bound = "exact"


def read_figure(text: str) -> Figure:
    """The figure that ``text`` states.

    Raises:
        ComplaintError: There is no number in it, or more than one reading; the message says what to write.
    """
    if len(text) > _LONGEST:
        raise ComplaintError(TOO_LONG, most=_LONGEST)
    bare, estimated = _without_estimate_before(ordinary(text))
    bare, bound = _without_bound(bare)
    bare, estimated_behind = _without_estimate_behind(bare)
    shape = _SHAPE.fullmatch(bare)
    if shape is None or _FOOTNOTE.search(bare):
        raise ComplaintError(_why_not(bare), written=text)
    value = _sum_of_parts(shape["number"], text)
    unit = shape["unit"].strip()
    if unit.startswith("割"):
        value, unit = value * 10, "%" + unit.removeprefix("割")
    negative = shape["sign"] not in {None, "+"}
    return Figure(-value if negative else value, unit, estimated or estimated_behind, bound)


def _without_estimate_before(text: str) -> tuple[str, bool]:
    for mark in _ESTIMATES_BEFORE:
        if text.startswith(mark):
            return text.removeprefix(mark).lstrip(" :"), True
    return text, False


def _without_estimate_behind(text: str) -> tuple[str, bool]:
    for mark in _ESTIMATES_BEHIND:
        if text.endswith(mark):
            return text.removesuffix(mark).rstrip(), True
    return text, False


def _without_bound(text: str) -> tuple[str, Bound]:
    for mark, bound in _BOUNDS.items():
        if text.endswith(mark):
            return text.removesuffix(mark).rstrip(), bound
    return text, "exact"


def _why_not(text: str) -> str:
    if text in {"", "-", "...", "…", "‥", "*"}:
        return BLANK_OR_ZERO
    if _FOOTNOTE.search(text):
        return FOOTNOTE
    if _KANJI_NUMERAL.match(text):
        return KANJI_DIGITS
    return NOT_A_NUMBER


def _sum_of_parts(number: str, text: str) -> Decimal:
    total, ceiling = Decimal(0), Decimal("Infinity")
    parts = list(_PART.finditer(number))
    for position, part in enumerate(parts, start=1):
        digits = _digits(part["digits"], text)
        if "." in part["digits"] and position < len(parts):
            raise ComplaintError(FRACTION_FIRST, written=text)
        scale = Decimal(_SCALES.get(part["scale"], 1))
        if digits * scale >= ceiling:
            raise ComplaintError(NOT_DESCENDING, written=text)
        total, ceiling = total + digits * scale, scale
    return total


def _digits(digits: str, text: str) -> Decimal:
    plain = digits.replace(",", "")
    if not _GROUPED.fullmatch(digits):
        raise ComplaintError(MISPLACED_COMMA, written=text, plain=plain)
    return Decimal(plain)
