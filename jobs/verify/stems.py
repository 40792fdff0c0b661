"""What a text speaks of, as stems and names, for the checks that compare it. Reading only."""

from functools import cache

from jobs.tldr_claims import words_of
from jobs.verify.latin import atoms, is_name, words
from jobs.verify.words import lists

_SHORTEST = 3
"""Letters of a word that has content."""


def content(text: str) -> frozenset[str]:
    """Stems of the words that speak of something; function words, praise and numbers left out."""
    return frozenset(
        stem
        for stem in words_of(text) - _empty()
        if len(stem) >= _SHORTEST and stem.isascii() and stem.isalpha()
    )


def things(text: str) -> frozenset[str]:
    """What a text in any language speaks of: its names, folded, and the stems of its English."""
    names = {atoms(word.text).strip() for word in words(text) if is_name(word.text)}
    return content(text) | names


def same(stem: str, stems: frozenset[str]) -> bool:
    """Whether `stems` have this one, its singular, its plural, or a word that means the same."""
    forms = lists().synonyms.get(stem, (stem,))
    return any(
        form in stems or f"{form}s" in stems or form.removesuffix("s") in stems for form in forms
    )


@cache
def _empty() -> frozenset[str]:
    return words_of(" ".join(lists().stop))
