"""What is wrong with something a person wrote, in words that can be shown in either language.

Responsible for keeping the sentence apart from the values in it. Refuses to choose the language: whoever shows a
complaint says which.
"""

from __future__ import annotations

from shigotoba_backend.texts import Texts, texts_in


class ComplaintError(Exception):
    """Something written cannot be taken as it is.

    Attributes:
        sentence: What is wrong and what to do, in English, with ``{names}`` for the values.
        values: What stands for the names.
    """

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.said(texts_in("en"))

    def said(self, texts: Texts) -> str:
        """The complaint in that language."""
        return texts.say(self.sentence, **self.values)
