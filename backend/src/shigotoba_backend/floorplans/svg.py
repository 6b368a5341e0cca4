"""A stranger's SVG made harmless: only shapes, texts and colours are copied, everything else is left behind.

It is read with expat, which is told to refuse a document type: so there are no entities to blow up. What is copied is
on a list; what is not on it, scripts, styles from elsewhere, links, animation, foreign content, does not get through,
whatever it is called next year. Responsible for this copy. Refuses to draw and to repair.

Source of the names: SVG 2, https://www.w3.org/TR/SVG2/ , appendices "Element Index" and "Attribute Index".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from shigotoba_backend.floorplans.refusals import refuse

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_MOST_ELEMENTS: Final = 100_000
_DEEPEST: Final = 100
_MOST_USES: Final = 5_000

_ELEMENTS: Final = (
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan image style "
    "linearGradient radialGradient stop clipPath mask pattern marker switch"
)
_ATTRIBUTES: Final = (
    "id class style transform x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height viewBox "
    "preserveAspectRatio version fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility "
    "font-family font-size font-weight font-style font-stretch text-anchor dominant-baseline baseline-shift "
    "text-decoration letter-spacing word-spacing writing-mode rotate textLength lengthAdjust offset stop-color "
    "stop-opacity gradientUnits gradientTransform spreadMethod clip-path clip-rule clipPathUnits mask maskUnits "
    "maskContentUnits patternUnits patternContentUnits patternTransform marker-start marker-mid marker-end "
    "markerWidth markerHeight markerUnits refX refY orient overflow vector-effect shape-rendering "
    "text-rendering image-rendering paint-order"
)
_KEPT_ELEMENTS: Final = frozenset(_ELEMENTS.split())
_KEPT_ATTRIBUTES: Final = frozenset(_ATTRIBUTES.split())
_WITH_LINK: Final = frozenset({"use", "image", "linearGradient", "radialGradient", "pattern"})
#: Whatever asks for something, runs something, or hides either from this pattern.
_RISKY: Final = re.compile(r"@|\\|/\*|expression|behaviou?r|javascript|-moz-|https?:|data:|<", re.IGNORECASE)
_URL: Final = re.compile(r"url\s*\(\s*([^)]*)\)?", re.IGNORECASE)
_INSIDE: Final = re.compile(r"^['\"]?#[\w.-]+['\"]?$")
_PICTURE: Final = re.compile(r"^data:image/(png|jpeg);base64,", re.IGNORECASE)
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_LENGTH: Final = re.compile(rf"^\s*({_NUMBER})\s*(?:px|pt|mm|cm|in|pc)?\s*$")


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """A picture that can be shown to anybody.

    Attributes:
        data: SVG, UTF-8.
        width: In its own units.
        height: Likewise.
    """

    data: bytes
    width: float
    height: float


def clean_svg(data: bytes) -> CleanSvg:
    """A harmless copy.

    Raises:
        ProblemError: ``svg_refused``, with the reason.
    """
    copy = _Copy()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = copy.refuse_doctype
    parser.EntityDeclHandler = copy.refuse_doctype
    parser.StartElementHandler = copy.start
    parser.EndElementHandler = copy.end
    parser.CharacterDataHandler = copy.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise refuse("svg_refused", why=f"line {error.lineno}: {expat.ErrorString(error.code)}") from error
    return copy.done()


@dataclass
class _Copy:
    """What has been copied so far; expat's handlers are its methods."""

    parts: list[str] = field(default_factory=list[str])
    open: list[str] = field(default_factory=list[str])
    named: list[bool] = field(default_factory=list[bool])
    skipping: int = 0
    elements: int = 0
    uses: int = 0
    size: tuple[float, float] | None = None

    def refuse_doctype(self, *_declared: object) -> None:
        raise refuse("svg_refused", why="it declares a document type or an entity. Save it as plain SVG.")

    def start(self, qualified: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(self.open) + self.skipping >= _DEEPEST:
            raise refuse("svg_refused", why=f"more than {_MOST_ELEMENTS:,} parts, or nested deeper than {_DEEPEST}.")
        name = _local(qualified, _SVG)
        if self.size is None and name != "svg":
            raise refuse("svg_refused", why="its outermost element is not svg.")
        if self.skipping or name not in _KEPT_ELEMENTS or not self._is_finite(name):
            self.skipping += 1
            return
        kept = _kept(name, attributes)
        if not self.open:
            self.size = _size(kept)
            kept = {**kept, "viewBox": kept.get("viewBox") or f"0 0 {self.size[0]:g} {self.size[1]:g}"}
        self._open(name, kept)

    def end(self, _qualified: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        self.named.pop()
        self.parts.append(f"</{self.open.pop()}>")

    def text(self, data: str) -> None:
        if not self.skipping and self.open:
            self.parts.append(escape(data))

    def done(self) -> CleanSvg:
        """The copy, whole."""
        if self.size is None:
            raise refuse("svg_refused", why="it is empty.")
        text = re.sub(r"<style>(.*?)</style>", _harmless_sheet, "".join(self.parts), flags=re.DOTALL)
        return CleanSvg(text.encode(), *self.size)

    def _is_finite(self, name: str) -> bool:
        """Whether it cannot repeat itself: what is used must not use others, or a few lines make billions."""
        if name != "use":
            return True
        self.uses += 1
        return self.uses <= _MOST_USES and not any(self.named[1:]) and "defs" not in self.open

    def _open(self, name: str, kept: Mapping[str, str]) -> None:
        spaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if not self.open else ""
        told = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.parts.append(f"<{name}{spaces}{told}>")
        self.open.append(name)
        self.named.append(bool(self.open[1:]) and ("id" in kept or name == "symbol"))


def _local(qualified: str, namespace: str) -> str:
    """The local name of what is in ``namespace``; empty for anything else."""
    space, _, local = qualified.rpartition(" ")
    return local if space == namespace else ""


def _kept(name: str, attributes: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in attributes.items() if key in _KEPT_ATTRIBUTES and _is_harmless(value)}
    link = attributes.get("href") or attributes.get(f"{_XLINK} href") or ""
    if name in _WITH_LINK and (_INSIDE.match(link) or (name == "image" and _is_picture(link))):
        kept["xlink:href"] = link
    return kept


def _is_harmless(value: str) -> bool:
    return not _RISKY.search(value) and all(_INSIDE.match(target.strip()) for target in _URL.findall(value))


def _is_picture(link: str) -> bool:
    if not _PICTURE.match(link):
        return False
    try:
        base64.b64decode(link.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _harmless_sheet(found: re.Match[str]) -> str:
    """The style sheet, if all of it is harmless."""
    return found[0] if _is_harmless(found[1].replace("&gt;", ">")) and "&lt;" not in found[1] else ""


def _size(kept: Mapping[str, str]) -> tuple[float, float]:
    box = re.findall(_NUMBER, kept.get("viewBox", ""))
    sides = [float(each) for each in box[2:4]]
    if len(sides) < 2:
        lengths = [_LENGTH.match(kept.get(side, "")) for side in ("width", "height")]
        sides = [float(length[1]) for length in lengths if length]
    if len(sides) < 2 or not all(0 < side < 1e7 for side in sides):
        raise refuse("svg_refused", why="it says no size (viewBox, or width and height).")
    return sides[0], sides[1]
