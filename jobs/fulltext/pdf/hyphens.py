"""Lines joined to running text: a hyphen at a line's end stays only in a compound. Pure."""

import re
from collections.abc import Iterable, Sequence

from jobs.fulltext.pdf.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WHOLE = 3
"""Letters of a word that may stand alone in a compound."""
_DASHES = re.compile("[\u2010\u2011]")
_ADDRESS = re.compile(r"(?:https?:|www\.|doi\.org/)\S*\Z")
_JOINTS = frozenset("-–/_=.:")
"""What a line ends with when it may go on without a space."""
_SUSPENDING = frozenset({"and", "or", "und"})
"""What follows `sentence-` in `sentence- and word-level`."""
_LONGEST = 200
"""Signs of a word or an address, looked at from the end."""


class Words:
    """The words that a document writes on one line."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._known: set[str] = set()
        broken = False
        for line in lines:
            words = _WORD.findall(line.text)
            first, last = int(broken), len(words)
            broken = line.text.endswith("-")
            self._known.update(map(str.casefold, words[first : last - broken]))

    def joined(self, lines: Sequence[Line]) -> str:
        """The lines as one."""
        return self.join(line.text for line in lines)

    def join(self, texts: Iterable[str]) -> str:
        """Texts that follow one another, as one line of clean text."""
        whole = ""
        for text in texts:
            whole = self._after(whole, _DASHES.sub("-", text)) if whole else _DASHES.sub("-", text)
        return " ".join(whole.split())

    def _after(self, before: str, text: str) -> str:
        """`text` put after `before`, with a space, a hyphen or nothing between."""
        if before[-1] not in _JOINTS:
            return f"{before} {text}"
        end = before[-_LONGEST:]
        last, first = _LAST.search(end), _FIRST.match(text)
        if last and first:
            if first[0] in _SUSPENDING:
                return f"{before} {text}"
            return before[:-1] + text if self._one_word(last["word"], first[0]) else before + text
        hyphen = end[-1] == "-" and text[:1].isalnum() and end[-2:-1] not in (" ", "-")
        dash = end[-1] == "–" and end[-2:-1].isalpha() and text[:1].isalpha()
        address = _ADDRESS.search(end) and text[:1] not in "(["
        return before + text if hyphen or dash or address else f"{before} {text}"

    def _one_word(self, before: str, after: str) -> bool:
        """Whether what a hyphen parts is one word elsewhere, or no compound."""
        head, tail = before.rpartition("-")[2].casefold(), after.partition("-")[0].casefold()
        if head + tail in self._known:
            return True
        compound = f"{before}-{after}".casefold() in self._known or f"{head}-{tail}" in self._known
        if compound or len(head) == 1 or not after[0].islower():
            return False
        least = 1 if "-" in before + after else _WHOLE
        return not all(len(part) >= least and part in self._known for part in (head, tail))
