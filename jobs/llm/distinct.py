"""What is said twice is said once. Pure."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from formatters.text import folded

Said = TypeVar("Said")


def distinct(said: Iterable[Said], words: Callable[[Said], str]) -> tuple[Said, ...]:
    """The first of all that are worded alike, case and signs apart."""
    found: dict[str, Said] = {}
    for one in said:
        found.setdefault(folded(words(one)), one)
    return tuple(found.values())
