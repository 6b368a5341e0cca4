"""Parts of a page that nothing in the browser ever changes, written out as HTML.

Dash keeps a component of its own for every element, with a subscription to its store: a page of three thousand of them
took two seconds to exchange. What only stands there goes to the browser as one text per part instead
(``assets/written.js``); places that callbacks fill, clocks and stores stay components.

Responsible for finding those parts and for writing them. Refuses to know any page.
"""

# Dash does not say what a component is made with.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final, cast

from dash import dcc
from dash.development.base_component import Component

from shigotoba_dashboard.parts import Place

_EMPTY_ELEMENTS: Final = frozenset({"br", "img", "input"})
_NAMES: Final[Mapping[str, str]] = {"className": "class", "htmlFor": "for"}
_PLAIN: Final = "dash.html."
#: What Dash keeps on every component beside its properties.
_OF_DASH: Final = frozenset(
    {"_prop_names", "_valid_wildcard_attributes", "available_properties", "available_wildcard_properties"}
)
_CAPITAL: Final = re.compile("[A-Z]")
_FIELDS: Final[Mapping[type[Component], str]] = {dcc.Input: "input", dcc.Textarea: "textarea"}


class Written(Component):
    """One element and everything in it.

    Args:
        tag: Of the element.
        attributes: Of the element, as HTML writes them.
        inner: What is in it, as HTML.
    """

    _namespace = "shigotoba_dashboard"
    _type = "Written"

    def __init__(self, tag: str, attributes: dict[str, str], inner: str) -> None:
        self._prop_names = self.available_properties = ["tag", "attributes", "inner"]
        self._valid_wildcard_attributes = self.available_wildcard_properties = []
        self.tag, self.attributes, self.inner = tag, attributes, inner
        super().__init__(tag=tag, attributes=attributes, inner=inner)


@dataclass(frozen=True)
class _Element:
    """An element before it is known what it stands in."""

    tag: str
    attributes: dict[str, str]
    inner: str

    def markup(self) -> str:
        told = "".join([f' {name}="{escape(value)}"' for name, value in self.attributes.items()])
        start = f"<{self.tag}{told}>"
        return start if self.tag in _EMPTY_ELEMENTS else f"{start}{self.inner}</{self.tag}>"


def written(part: Any) -> Any:
    """The same part with everything that only stands there written out; texts stay texts."""
    if isinstance(part, list | tuple):
        return [written(each) for each in cast("Sequence[Any]", part)]
    found = _looked_at(part)
    return Written(found.tag, found.attributes, found.inner) if isinstance(found, _Element) else found


def markup(part: Component) -> str:
    """A part that only stands there, as HTML.

    Raises:
        TypeError: Something of it is filled by a callback.
    """
    found = _looked_at(part)
    if isinstance(found, _Element):
        return found.markup()
    raise TypeError(f"{part} does not only stand there, so it cannot be written out as HTML.")


def _looked_at(part: Any) -> Any:
    """An element where ``part`` only stands there; a component, with its children written, where it does not."""
    if isinstance(part, Written):
        return _Element(part.tag, part.attributes, part.inner)
    if not isinstance(part, Component):
        return part
    if type(part) in _FIELDS:
        return _field(part)
    return _looked_into(part) if type(part).__module__.startswith(_PLAIN) or isinstance(part, Place) else part


def _field(part: Component) -> _Element:
    props = _props(part)
    inner = escape(str(props.pop("value", ""))) if type(part) is dcc.Textarea else ""
    return _Element(_FIELDS[type(part)], _attributes(props), inner)


def _looked_into(part: Component) -> Any:
    props = _props(part)
    inside = props.pop("children", None)
    pieces = cast("Sequence[Any]", inside if isinstance(inside, list | tuple) else [inside])
    found = [_looked_at(each) for each in pieces]
    if not isinstance(part, Place) and not any(isinstance(each, Component) for each in found):
        return _Element(type(part).__name__.lower(), _attributes(props), "".join(map(_markup, found)))
    kept = copy.copy(part)
    kept.children = written(inside)
    return kept


def _markup(part: Any) -> str:
    if isinstance(part, _Element):
        return part.markup()
    return "" if part is None else escape(str(part), quote=False)


def _props(part: Component) -> dict[str, Any]:
    """What was set, by name: Dash keeps it in an order that is another one in each process."""
    return {name: value for name, value in sorted(vars(part).items()) if name not in _OF_DASH}


def _attributes(props: Mapping[str, Any]) -> dict[str, str]:
    """Properties as HTML has them; what is False or None is no attribute."""
    return {
        _NAMES.get(name) or name.lower(): value if isinstance(value, str) else _value(value)
        for name, value in props.items()
        if value is not None and value is not False and name != "key"
    }


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return style_of(cast("Mapping[str, object]", value))
    return "" if value is True else str(value)


def style_of(style: Mapping[str, object]) -> str:
    """A style as the attribute says it."""
    return " ".join([f"{_CAPITAL.sub(_hyphened, name)}: {each};" for name, each in style.items()])


def _hyphened(capital: re.Match[str]) -> str:
    return f"-{capital[0].lower()}"
