"""What the texts of a column mean, each worked out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

REMEMBERED: Final = 8_192
"""Texts remembered: a column of ratings, years, days or types has fewer of them, and no file can fill the memory."""

Meaning = TypeVar("Meaning")


class Memo(dict[str, Meaning]):
    """The meanings of texts, looked up as in a dict; a text that is not remembered is worked out."""

    __slots__ = ("meaning",)

    def __init__(self, meaning: Callable[[str], Meaning]) -> None:
        super().__init__()
        self.meaning = meaning

    def __missing__(self, text: str) -> Meaning:
        value = self.meaning(text)
        if len(self) < REMEMBERED:
            self[text] = value
        return value
