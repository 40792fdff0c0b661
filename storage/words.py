"""Text as the search index sees it: folded letters and the words that they make.

Pure. What is indexed and what is asked for pass through the same `fold`, so that an accent,
a capital or a full-width letter never hides a paper. Whoever changes `fold` must have the
index built again. Stemming is the index's own business.
"""

import re
from unicodedata import normalize

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
"""Letters that Unicode does not take apart; casefold has made `ß` into `ss` before."""
_ACCENTS = re.compile("[\u0300-\u036f]+")
_PLUS_PLUS = re.compile(r"(?<!\w)c\+\+")
_SHARP = re.compile(r"(?<!\w)([cf])#")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`text` in small letters without accents: `Søren Łuczak` becomes `soren luczak`.

    `C++`, `C#` and `F#` become words of their own, or they would be found in every `(c)`.
    """
    if not text.isascii():
        bare = _ACCENTS.sub("", normalize("NFKD", text))
        text = normalize("NFKC", bare).casefold().translate(_LETTERS)
    folded = text.lower()
    if "+" in folded or "#" in folded:
        folded = _SHARP.sub(r"\1sharp ", _PLUS_PLUS.sub("cplusplus ", folded))
    return folded


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text` in order; empty where there is nothing to look for."""
    return tuple(_WORD.findall(fold(text)))
