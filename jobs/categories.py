"""arXiv's category taxonomy: which codes exist, how they are spelled, what they are called.

Pure apart from reading `categories.toml` at first use. Knows nothing of papers or topics.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files

_LEAST_LIKENESS = 0.5


@dataclass(frozen=True)
class Taxonomy:
    """The archives (`cs`) and categories (`cs.CV`, `quant-ph`) with their English names."""

    archives: Mapping[str, str]
    categories: Mapping[str, str]
    same: Mapping[str, str]
    """Second names of categories, each with the name that papers carry."""

    def find(self, code: str) -> str | None:
        """The category or the pattern `cs.*` that `code` means in any case; None if unknown.

        An archive that has categories below it stands for all of them.
        """
        return self._patterns.get(code.casefold())

    def looks_like_one(self, word: str) -> bool:
        """Whether a bare word of a query is meant as a category: known, or `cs.` something."""
        archive, dot, rest = word.partition(".")
        if dot and archive.casefold() in self.archives:
            return bool(rest)
        return word.casefold() in self.categories

    def nearest(self, code: str, most: int = 3) -> tuple[str, ...]:
        """Valid categories that `code` may have been meant to be, the likeliest first."""
        asked = code.casefold()
        archive = asked.partition(".")[0]
        named = [c for c, name in self.categories.items() if asked in name.casefold()]
        siblings = [c for c in self.categories if c.partition(".")[0] == archive]
        known = {c.casefold(): c for c in siblings or self.categories}
        alike = get_close_matches(asked, known, n=most, cutoff=_LEAST_LIKENESS)
        return tuple(dict.fromkeys([*named, *(known[c] for c in alike)]))[:most]

    @cached_property
    def _patterns(self) -> Mapping[str, str]:
        known = {category.casefold(): category for category in self.categories}
        known |= {other.casefold(): category for other, category in self.same.items()}
        for archive in self.archives:
            pattern = archive if archive in self.categories else f"{archive}.*"
            known |= {archive: pattern, f"{archive}.*": pattern}
        return known


@cache
def taxonomy() -> Taxonomy:
    """The whole of arXiv's taxonomy."""
    table = tomllib.loads(files("jobs").joinpath("categories.toml").read_text("utf-8"))
    return Taxonomy(table["archives"], table["categories"], table["same"])


def falls_under(category: str, pattern: str) -> bool:
    """Whether a paper's category is the one, or one of the archive, that `pattern` names."""
    return category.startswith(pattern[:-1]) if pattern.endswith(".*") else category == pattern
