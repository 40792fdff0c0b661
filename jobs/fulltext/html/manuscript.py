"""What is being written down of an article: open paragraph, open sections, open floats. Pure.

Footnotes become paragraphs after the one that they belong to.
"""

from dataclasses import dataclass, field

from jobs.fulltext.html.floats import Float
from jobs.fulltext.html.headings import Heading
from jobs.fulltext.html.inline import line
from storage.models.fulltext import Equation, Paragraph, Passage, Section

FEWEST_WORDS = 8
"""Less, in a drawing or a figure, is a label and no text to be read."""
_ABSTRACTS = ("abstract", "摘要")
_REFERENCES = ("references", "reference", "bibliography", "literature cited", "参考文献")


@dataclass(frozen=True, slots=True)
class Blocks:
    """What an article says, in reading order."""

    sections: tuple[Section, ...]
    """The first may be without a title: what stands before all headings."""
    abstract: str
    references: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A section that is being written."""

    level: int = 1
    title: str = ""
    number: str = ""
    appendix: bool = False
    passages: list[Passage] = field(default_factory=list)

    def finished(self) -> Section:
        """The section as it stands."""
        return Section(self.title, self.number, self.level, tuple(self.passages), self.appendix)


@dataclass(slots=True)
class _Open:
    """A paragraph that more may be added to."""

    pieces: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Manuscript:
    """Takes down what a walk through an article comes by."""

    def __init__(self) -> None:
        self.floats: list[Float] = []
        """The open ones, the innermost last."""
        self.mark = ""
        """What the next paragraph begins with: a list's mark, a theorem's title."""
        self.references: list[str] = []
        self._preface = _Draft()
        self._drafts = [self._preface]
        self._sections = [self._preface]
        """The open ones."""
        self._paragraph = _Open()
        self._outer: list[_Open] = []
        """The paragraphs around the open floats."""
        self._abstract: list[str] = []
        self._in_abstract = False
        self._is_back_matter = False
        self._drawings = 0

    @property
    def notes(self) -> list[str]:
        """The open paragraph's footnotes."""
        return self._paragraph.notes

    @property
    def last_piece(self) -> str:
        """What was added last."""
        return next((piece for piece in reversed(self._paragraph.pieces) if piece), "")

    def add(self, text: str) -> None:
        """Text runs on."""
        self._paragraph.pieces.append(text)

    def end_paragraph(self) -> None:
        """The open paragraph ends, and its footnotes follow."""
        done, self._paragraph = self._paragraph, _Open()
        text = line("".join(done.pieces))
        in_figure = bool(self._drawings or (self.floats and self.floats[-1].is_figure))
        if text and not (in_figure and len(text.split()) < FEWEST_WORDS):
            self._say(self.mark + text)
            self.mark = ""
        for note in filter(None, done.notes):
            self._say(note)

    def put(self, passage: Passage) -> None:
        """A passage that is no paragraph; what was to begin one stands by itself."""
        self.end_paragraph()
        if mark := self.mark.strip(" -"):
            self._say(mark)
            self.mark = ""
        if not self._in_abstract:
            self._sections[-1].passages.append(passage)
        elif isinstance(passage, Equation):
            self._abstract.append(f"${passage.tex}$")

    def open_section(self) -> None:
        """A section begins inside the open one."""
        self.end_paragraph()
        draft = _Draft(len(self._sections))
        draft.appendix = self._is_back_matter or self._sections[-1].appendix
        self._drafts.append(draft)
        self._sections.append(draft)

    def head(self, heading: Heading) -> None:
        """The open section's title."""
        draft = self._sections[-1]
        draft.title, draft.number = heading.title, heading.number
        draft.appendix = draft.appendix or heading.appendix
        if heading.appendix and draft.level == 1:
            self.begin_back_matter()

    def close_section(self) -> None:
        """The open section ends."""
        self.end_paragraph()
        self._sections.pop()

    def drop_preface(self) -> None:
        """What stands over the paper's title is its publisher's or its template's."""
        self.end_paragraph()
        if len(self._drafts) == 1:
            self._preface.passages.clear()

    def begin_back_matter(self) -> None:
        """From here on all sections are appendices."""
        self.end_paragraph()
        self._is_back_matter = True

    def turn_to_abstract(self, *, inside: bool) -> None:
        """The abstract begins or ends."""
        self.end_paragraph()
        self._in_abstract = inside

    def turn_to_drawing(self, *, inside: bool) -> None:
        """A drawing begins or ends; short texts in it are labels."""
        self.end_paragraph()
        self._drawings += 1 if inside else -1

    def open_float(self, *, is_figure: bool) -> None:
        """A float begins; the paragraph that it interrupts goes on after it."""
        self.floats.append(Float(is_figure))
        self._outer.append(self._paragraph)
        self._paragraph = _Open()

    def close_float(self) -> None:
        """The innermost float ends; a part goes into the float around it."""
        self.end_paragraph()
        self._paragraph = self._outer.pop()
        done = self.floats.pop()
        if self.floats and done.is_panel:
            self.floats[-1].take_in(done)
        else:
            self._sections[-1].passages.extend(done.passages())

    def finished(self) -> Blocks:
        """All that was taken down."""
        self.end_paragraph()
        sections: list[Section] = []
        for draft in self._drafts:
            title = draft.title.casefold()
            if title in _REFERENCES:
                self.references += _paragraphs(draft)
            elif title in _ABSTRACTS and not self._abstract:
                self._abstract += _paragraphs(draft)
            elif draft.title or draft.passages:
                sections.append(draft.finished())
        sections.sort(key=lambda section: section.appendix)
        return Blocks(
            tuple(sections), " ".join(self._abstract), tuple(filter(None, self.references))
        )

    def _say(self, text: str) -> None:
        if self._in_abstract:
            self._abstract.append(text)
        else:
            self._sections[-1].passages.append(Paragraph(text))


def _paragraphs(draft: _Draft) -> list[str]:
    return [each.text for each in draft.passages if isinstance(each, Paragraph)]
