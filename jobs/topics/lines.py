"""A typed line on its way to the parser: made plain, then rewritten with its columns kept.

Pure. Knows letters and places, no syntax.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』《》〈〉", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("‐‑‒–−", "-"),
        **dict.fromkeys("—―…。", " "),
        "、": ",",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Controls, halves of pairs, private and unassigned: nothing that is searched for. The
private ones are free for our own use thereafter."""


def normalized(line: str) -> str:
    """`line` with full-width letters, quotes, colons and spaces as ASCII has them.

    Normalizing twice changes nothing more.
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", line)).translate(_SAME)
    kept = (" " if unicodedata.category(c) in _NO_TEXT else c for c in plain)
    return unicodedata.normalize("NFKC", " ".join("".join(kept).split()))


@dataclass(frozen=True, slots=True)
class Line:
    """A rewritten text whose every letter knows where it stood in the original."""

    text: str
    original: str
    origins: tuple[tuple[int, int], ...]
    """For each letter of `text`, start and end of what it came from."""

    @classmethod
    def of(cls, original: str) -> Self:
        """The original itself."""
        return cls(original, original, tuple((i, i + 1) for i in range(len(original))))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the letters from `start` to `end` stood; the end of the line for none."""
        found = self.origins[start : max(end, start + 1)]
        return (found[0][0], found[-1][1]) if found else (len(self.original),) * 2

    def rewrite(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> "Line":
        """Replace every match by what `by` makes of it, one letter for one where it can."""
        pieces: list[str] = []
        origins: list[tuple[int, int]] = []
        done = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = by(match)
            same_length = len(new) == end - start
            pieces += self.text[done:start], new
            origins += self.origins[done:start]
            origins += (
                self.origins[start:end] if same_length else [self.place(start, end)] * len(new)
            )
            done = end
        pieces.append(self.text[done:])
        origins += self.origins[done:]
        return Line("".join(pieces), self.original, tuple(origins))
