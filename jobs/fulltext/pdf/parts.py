"""The document cut at its headings: what is front matter, section, literature, appendix. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from jobs.fulltext.pdf.blocks import Body
from jobs.fulltext.pdf.front import abstract, body_start
from jobs.fulltext.pdf.headings import Heading, Numbering, is_references
from jobs.fulltext.pdf.hyphens import Words
from jobs.fulltext.pdf.paragraphs import Flowing, Typist
from jobs.fulltext.pdf.references import entries
from storage.models.fulltext import Passage, Section

Item = Flowing | Passage
_ASIDE = frozenset(
    {
        "keywords",
        "ccs concepts",
        "acm reference format",
        "index terms",
        "contents",
        "table of contents",
    }
)
_ABSTRACT = frozenset({"abstract", "summary"})


@dataclass(slots=True)
class Part:
    """What stands under one heading, or before the first."""

    heading: Heading | None
    items: list[Item] = field(default_factory=list)

    @property
    def title(self) -> str:
        """As it is compared."""
        return self.heading.title.casefold() if self.heading else ""

    @property
    def lines(self) -> list[Flowing]:
        """Without what stands apart."""
        return [item for item in self.items if isinstance(item, Flowing)]

    def cut_before(self, line: Flowing) -> list[Item]:
        """What stands from that line on; it is no longer here."""
        at = next(at for at, item in enumerate(self.items) if item is line)
        rest = self.items[at:]
        del self.items[at:]
        return rest


@dataclass(frozen=True, slots=True)
class Sorted:
    """The parts as what they are."""

    abstract: str
    sections: tuple[Section, ...]
    references: tuple[str, ...]


def cut(stream: Iterable[Item], found: Sequence[Heading]) -> list[Part]:
    """The stream cut at the headings; the first part has none."""
    begins = {id(heading.lines[0]): heading for heading in found}
    titles = {id(line) for heading in found for line in heading.lines}
    parts = [Part(None)]
    for item in stream:
        if isinstance(item, Flowing) and id(item.line) in titles:
            if heading := begins.get(id(item.line)):
                parts.append(Part(heading))
        else:
            parts[-1].items.append(item)
    return parts


def sort(parts: Sequence[Part], body: Body, words: Words) -> Sorted:
    """What each part is."""
    typist = Typist(body, words)
    said, rest = _front(parts, body, typist)
    literature: list[str] = []
    kept: list[Part] = []
    appended = len(rest)
    for part in rest:
        if part.heading and is_references(part.heading):
            literature.extend(entries(part.lines, words))
            apart = [item for item in part.items if not isinstance(item, Flowing)]
            if kept:
                kept[-1].items.extend(apart)
            appended = len(kept)
        elif part.title not in _ASIDE:
            kept.append(part)
    sections = tuple(_sections(kept, appended, typist))
    return Sorted(said, sections, tuple(literature))


def _front(parts: Sequence[Part], body: Body, typist: Typist) -> tuple[str, list[Part]]:
    """The abstract, and the parts after it. Titles and names go."""
    headed = next((at for at, part in enumerate(parts) if part.title in _ABSTRACT), None)
    if headed is not None:
        head, rest = parts[headed], list(parts[headed + 1 :])
        start = body_start(head.lines, body)
        if start is not None:
            rest.insert(0, Part(None, head.cut_before(head.lines[start])))
        _prepend(rest, head.items)
        return abstract(head.lines, typist, headed=True), rest
    first = next((at for at, part in enumerate(parts) if _begins_text(part)), None)
    if first is None:
        return "", _untitled(parts)
    front = [item for part in parts[:first] for item in part.items]
    rest = list(parts[first:])
    _prepend(rest, front)
    return abstract(front, typist, headed=False), rest


def _prepend(rest: list[Part], items: Sequence[Item]) -> None:
    """What of the front matter stands apart goes before what follows."""
    apart = [item for item in items if not isinstance(item, Flowing)]
    if apart and not rest:
        rest.append(Part(None))
    if apart:
        rest[0].items[:0] = apart


def _begins_text(part: Part) -> bool:
    return part.heading is not None and (
        part.heading.numbering is not Numbering.NONE or part.heading.known
    )


def _untitled(parts: Sequence[Part]) -> list[Part]:
    """All there is, but for the title: the first heading, on the first page."""
    rest = [part for part in parts if part.items or part.heading]
    if rest and rest[0].heading and rest[0].heading.lines[0].page == 1:
        rest[0].heading = None
    return rest


def _sections(parts: Sequence[Part], appended: int, typist: Typist) -> Iterator[Section]:
    """The sections, those from `appended` on after the literature."""
    lettered = False
    arabic = any(
        part.heading is not None and part.heading.numbering is Numbering.ARABIC for part in parts
    )
    for at, part in enumerate(parts):
        passages = typist.passages(part.items)
        if part.heading is None:
            if passages:
                yield Section("", passages=passages)
            continue
        heading = part.heading
        lettered |= arabic and heading.numbering is Numbering.LETTER
        lettered |= part.title.startswith(("appendix", "appendices", "supplementary"))
        yield Section(
            heading.title,
            heading.number,
            heading.level,
            passages,
            appendix=lettered or (at >= appended and not heading.known),
        )
