"""Sections and tables as a model names them, found among those that the paper has. Pure."""

import re

from formatters.text import folded, readable
from storage.models import FullText, Table

_LEADS = re.compile(
    r"^[\s#§*\"“]*(?:(?:(?:sub)?sections?|sec\.|appendix|app\.|chapter)\s*§?\s*|第\s*)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:[A-Z](?![a-z])|\d{1,3}|[IVX]+(?![a-z]))(?:\.\d{1,3}){0,4}")
_TABLE = re.compile(
    r"(?<![A-Za-z])(?:tab(?:le|\.)?|表)?\s*(?P<number>[A-Z]?\.?\d{1,3}|[IVX]{1,5})\b", re.IGNORECASE
)
_LEAST = 4
"""Letters of a title by whose beginning a section is known."""


class Places:
    """The names of a paper's sections and tables."""

    def __init__(self, text: FullText) -> None:
        self._by_words: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        for section in text.sections:
            for words in (section.name, section.title):
                if folded := _folded(words):
                    self._by_words.setdefault(folded, section.name)
            if section.number:
                self._by_number.setdefault(section.number.rstrip(".").casefold(), section.name)
        labels = (p.label for s in text.sections for p in s.passages if isinstance(p, Table))
        self._tables = {number: label for label in labels if (number := _numbered(label))}

    def section(self, said: str) -> str | None:
        """The full name of the section that is meant: by its name, its title, its number."""
        bare = _LEADS.sub("", readable(said)).strip()
        words = _folded(bare)
        if not words:
            return None
        if words in self._by_words:
            return self._by_words[words]
        number = _NUMBER.match(bare)
        title = _folded(bare[number.end() :]) if number else words
        if title in self._by_words:
            return self._by_words[title]
        if number and number[0].casefold() in self._by_number:
            return self._by_number[number[0].casefold()]
        return self._beginning_with(title)

    def table(self, said: str) -> str | None:
        """The table's label as the paper has it."""
        found = _TABLE.search(said)
        return self._tables.get(found["number"].casefold()) if found else None

    def _beginning_with(self, title: str) -> str | None:
        if len(title) < _LEAST:
            return None
        alike = (name for words, name in self._by_words.items() if words.startswith(title))
        return next(alike, None)


def _numbered(label: str) -> str:
    found = _TABLE.search(label)
    return found["number"].casefold() if found else ""


def _folded(text: str) -> str:
    return folded(readable(text))
