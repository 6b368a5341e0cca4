"""What is wrong with something a person wrote, in words that can be shown in either language.

Responsible for keeping the sentence apart from the values in it. Refuses to know any catalogue: whoever shows a
complaint hands in the translation of the sentence.
"""

from __future__ import annotations

from collections.abc import Callable


class ComplaintError(Exception):
    """Something written cannot be taken as it is.

    Attributes:
        sentence: What is wrong and what to do, in English, with ``{names}`` for the values. It is the catalogue's key.
        values: What stands for the names.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.said(lambda sentence: sentence)

    def said(self, translated: Callable[[str], str]) -> str:
        """The complaint in the language that ``translated`` turns the sentence into."""
        return translated(self.sentence).format(**self.values)
