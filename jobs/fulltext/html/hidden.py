"""Text that a page holds but doesn't show: found, taken out and told of.

What LaTeXML hides for good reason (descriptions for screen readers, phantoms that only keep
room) is taken out too, and told of only where it speaks to a model. Changes the tree that it
is given.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from jobs.fulltext.html.headings import heading_of
from jobs.fulltext.html.inline import formula, line
from jobs.fulltext.html.kinds import Kind, kind_of
from jobs.fulltext.html.looks import FEWEST_IN_PHANTOM, FEWEST_WORDS, Look, look_of
from jobs.fulltext.html.styles import WHITE, look_alike
from jobs.screening import instructions_in
from storage.models.fulltext import Hidden, HiddenKind

_WORD = re.compile(r"[\u4e00-\u9fff]{2}|(?:(?![\u4e00-\u9fff])[^\W\d_]){2,}")
_WHITE_TEX = re.compile(
    r"\\(?:text)?color\s*(?:\[\w+\]\s*)?\{\s*(?:1,\s*1,\s*1|white|f{6}|1)\s*\}", re.IGNORECASE
)
_PHANTOM_TEX = re.compile(r"\\[hv]?phantom\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_MACRO = re.compile(r"\\[A-Za-z]+")


def take_out_hidden(article: _Element) -> tuple[Hidden, ...]:
    """The hidden texts of the article, which it loses."""
    search = _Search()
    walker = etree.iterwalk(article, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            search.leave(element)
        elif not search.enter(element):
            walker.skip_subtree()
    return search.findings()


@dataclass(slots=True)
class _Run:
    """Hidden text from an element's start to its end."""

    depth: int
    kind: HiddenKind
    telling: int
    pieces: list[str] = field(default_factory=list)


class _Search:
    """Walks through an article, element by element, and takes hidden text out."""

    def __init__(self) -> None:
        self._looks: list[tuple[Look, HiddenKind | None]] = [(Look(), None)]
        """Of the open elements, and how each hides its text."""
        self._run: _Run | None = None
        self._place = ""
        self._found: list[Hidden] = []
        self._scraps: dict[tuple[HiddenKind, str], list[str]] = defaultdict(list)
        """Too few words by themselves; a sentence may be hidden word by word."""

    def enter(self, element: _Element) -> bool:
        """An element starts. Returns whether to go on inside it."""
        around, how = self._looks[-1]
        look = look_of(element, around)
        how = how if look is around else look.kind
        self._looks.append((look, how))
        if how and self._run is None:
            self._run = _Run(len(self._looks), how, look.telling)
        if kind_of(element) is Kind.MATHS:
            self._maths(element, look)
            return False
        if how:
            self._take(element.text)
            element.text = None
            _forget(element, "href")
        return element.tag not in ("script", "style")

    def leave(self, element: _Element) -> None:
        """An element has ended; its tail belongs to what is around it."""
        run = self._run
        if run and run.depth == len(self._looks):
            self._end(run)
        self._looks.pop()
        if self._looks[-1][1]:
            self._take(element.tail)
            element.tail = None
        if kind_of(element) is Kind.TITLE and _heads_section(element):
            self._place = heading_of(element).name

    def findings(self) -> tuple[Hidden, ...]:
        """What was found and is worth telling."""
        for (kind, place), scraps in self._scraps.items():
            self._tell(Hidden(kind, " ".join(scraps), place), FEWEST_IN_PHANTOM)
        return tuple(self._found)

    def _maths(self, element: _Element, look: Look) -> None:
        """A formula is hidden whole, or hides words by TeX's own means."""
        words = formula(element) if look.kind else _hidden_in_tex(formula(element), look)
        if not words:
            return
        if self._run:
            self._take(f" {words} ")
        else:
            self._tell(Hidden(HiddenKind.INVISIBLE, words, self._place), FEWEST_WORDS)
        _forget(element, "alttext")
        for child in list(element):
            element.remove(child)
        element.text = None

    def _take(self, text: str | None) -> None:
        if text and self._run:
            self._run.pieces.append(text)

    def _end(self, run: _Run) -> None:
        self._run = None
        text = line("".join(run.pieces))
        is_told = self._tell(Hidden(run.kind, text, self._place), run.telling)
        if text and not is_told and run.telling == FEWEST_WORDS:
            self._scraps[run.kind, self._place].append(text)

    def _tell(self, hidden: Hidden, words: int) -> bool:
        """Keep what has so many words, or speaks to a model; returns whether it does."""
        enough = sum(1 for _ in _WORD.finditer(hidden.text)) >= words
        if enough or instructions_in(hidden.text):
            self._found.append(hidden)
            return True
        return False


def _forget(element: _Element, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]


def _heads_section(title: _Element) -> bool:
    parent = title.getparent()
    return parent is not None and kind_of(parent) in (Kind.SECTION, Kind.ABSTRACT)


def _hidden_in_tex(tex: str, look: Look) -> str:
    """Words that a formula writes in white, or only keeps room for; empty where there are none."""
    white = tex if _WHITE_TEX.search(tex) and look.paper and look_alike(look.paper, WHITE) else ""
    words = white or " ".join(_PHANTOM_TEX.findall(tex))
    return tex if len(_WORD.findall(_MACRO.sub(" ", words))) >= FEWEST_WORDS else ""
