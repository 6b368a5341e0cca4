"""JMESPath, with types: where in a JSON document a value is.

Responsible for compiling and following one path. Refuses to judge what is found.
"""
# jmespath ships no type information; what it returns is a value of a JSON document.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError

WHOLE: Final = "@"
"""The path of the document itself."""


class PathError(Exception):
    """A path that is none, or that cannot be followed in this document."""


class JsonPath:
    """A compiled path.

    Raises:
        PathError: The text is no JMESPath expression.
    """

    def __init__(self, text: str) -> None:
        try:
            self._compiled: Any = jmespath.compile(text)
        except JMESPathError as error:
            raise PathError(" ".join(str(error).split())) from error

    def find(self, document: object) -> object:
        """What is there; None if nothing is.

        Raises:
            PathError: A function of the path was given something it cannot take.
        """
        try:
            found: object = self._compiled.search(document)
        except (JMESPathError, RecursionError) as error:
            raise PathError(" ".join(str(error).split())) from error
        return found
