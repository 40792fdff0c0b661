"""Documents as GitHub-flavoured Markdown: a file that every viewer shows alike.

Pure. Nothing of a paper is markup in it, and its anchors stand there as such, since each
viewer would make other ones of the headings. Buttons are left out: a file has none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from formatters.catalogue import say
from formatters.document import (
    Block,
    Bullets,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Inline,
    Lead,
    PaperCard,
    Quote,
    Span,
    Style,
    Text,
    Title,
    Titles,
)
from formatters.plainly import simplified
from formatters.steps import colon
from formatters.text import strip_controls
from formatters.text.addresses import web_address
from storage.models import Lang

_SPECIAL = re.compile(r"[\\`*_\[\]<>|#$~&]")
_BEGINNING = re.compile(r"\d{1,9}[.)](?=\s|\Z)|[-+=](?=[\s=-]|\Z)")
"""What would begin a list, or underline a heading, at a line's beginning."""
_TEX = re.compile(r"(?:[\w\s+=.,:;/()^{}'!-]|\\[A-Za-z])*", re.ASCII)
_UNSURE = re.compile(r"[^\w\s]_|_[^\w\s]")
_BAR = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"`{3,}")
_MARKS = {Style.STRONG: "**", Style.FAINT: "*"}
_BREAK = "\\\n"


@dataclass(frozen=True, slots=True)
class _Run:
    """A span in Markdown, its style not yet around it."""

    before: str
    """White space."""
    said: str
    after: str
    mark: str = ""

    @property
    def begins(self) -> str:
        return self.before or self.mark or self.said


def markdown(document: Document, lang: Lang) -> str:
    """The document, with a list of contents before the first heading that has an anchor."""
    parts: list[str] = []
    listed = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.anchor and not listed:
            parts.append(_contents(document, lang))
            listed = True
        parts += _block(block)
    return "".join(f"{part}\n\n" for part in parts if part).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is, wherever in a line it stands."""
    return _begun(_SPECIAL.sub(r"\\\g<0>", _one_line(text)))


def row(cells: Iterable[Inline]) -> str:
    """A table's row, by itself."""
    return f"| {' | '.join(map(_cell, cells))} |"


def table(header: Sequence[Inline], rows: Iterable[str]) -> str:
    """A table of such rows."""
    rule = f"|{' --- |' * len(header)}"
    return "\n".join((row(header), rule, *rows))


def _contents(document: Document, lang: Lang) -> str:
    links = (
        f"{'  ' * (block.level - 1)}- [{escaped(_words(block.text))}](#{block.anchor})"
        for block in document.blocks
        if isinstance(block, Heading) and block.anchor
    )
    return f"**{escaped(say('file.contents', lang))}**\n\n" + "\n".join(links)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Title() | Heading():
            yield from _head(block)
        case Text():
            yield _inline(block.text)
        case Bullets() | Facts():
            yield _list(block)
        case Code():
            yield _code(block.text)
        case Grid():
            yield from _grid(block)
        case Quote():
            yield _quote(block)
        case Lead() | PaperCard() | Titles():
            for simple in simplified(block):
                yield from _block(simple)
        case Buttons():
            pass
        case _:
            assert_never(block)


def _head(block: Title | Heading) -> Iterator[str]:
    level = 1 if isinstance(block, Title) else block.level + 1
    if isinstance(block, Heading) and block.anchor:
        yield f'<a id="{block.anchor}"></a>'
    yield f"{'#' * level} {_line(block.text)}"


def _list(block: Bullets | Facts) -> str:
    if isinstance(block, Bullets):
        return _listed(block.items, block.start)
    return _listed((_fact(name, value) for name, value in block.pairs), None)


def _fact(name: str, value: Inline) -> Inline:
    said = value[0].text if value else ""
    return (Span(name, Style.STRONG), Span(colon(name, said)), *value)


def _listed(items: Iterable[Inline], start: int | None) -> str:
    lines: list[str] = []
    for number, item in enumerate(items, start or 0):
        mark = "- " if start is None else f"{number}. "
        lines.append(mark + _inline(item).replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _code(text: str) -> str:
    shown = strip_controls(text).strip("\n")
    longest = max((len(found) for found in _FENCE.findall(shown)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{shown}\n{fence}" if shown else ""


def _grid(block: Grid) -> Iterator[str]:
    if block.caption:
        yield _inline(block.caption)
    if block.header:
        yield table(block.header, map(row, block.rows))


def _cell(text: Inline) -> str:
    """Spans in a table, where a line break is HTML's and a bar in code or a formula ends a cell."""
    return _BAR.sub(r"\|", "<br>".join(filter(None, map(_line, _lines(text)))))


def _quote(block: Quote) -> str:
    lines = [_inline(block.text), _inline(block.source)]
    said = _BREAK.join(line for line in lines if line)
    return "\n".join(f"> {line}" for line in said.split("\n")) if said else ""


def _inline(text: Inline) -> str:
    """Spans as Markdown; a line break in them stays one."""
    broken = _lines(text)
    return _BREAK.join(filter(None, map(_line, broken)))


def _lines(text: Inline) -> list[Inline]:
    """The spans, taken apart where they break the line."""
    lines: list[list[Span]] = [[]]
    for span in text:
        first, *others = span.text.split("\n")
        lines[-1].append(Span(first, span.style, span.href, span.tex))
        lines += [[Span(other, span.style, span.href)] for other in others]
    return [tuple(line) for line in lines]


def _line(text: Inline) -> str:
    """Spans on one line; where a style's asterisks would be read as such, it is left out."""
    runs = _joined(run for span in text if (run := _run(span)) is not None)
    said = ""
    for at, run in enumerate(runs):
        after = run.after or (runs[at + 1].begins if at + 1 < len(runs) else "")
        said += run.before
        fits = _fits(said[-1:], run.said[:1]) and _fits(after[:1], run.said[-1:])
        said += f"{run.mark}{run.said}{run.mark}" if fits else run.said
        said += run.after
    return _begun(said.strip())


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """The runs, neighbours in one style as one: asterisks that touch would be read otherwise."""
    made: list[_Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last is not None and run.mark and run.mark == last.mark:
            said = last.said + (last.after or run.before) + run.said
            made[-1] = _Run(last.before, said, run.after, run.mark)
        else:
            made.append(run)
    return made


def _run(span: Span) -> _Run | None:
    """One span; the white space at its edges stays outside of what it is set in."""
    shown = _one_line(span.text)
    if not shown:
        return _Run(" ", "", "") if span.text else None
    said = _formula(span.tex) if span.tex else ""
    if not said:
        said = _in_ticks(shown) if span.style is Style.CODE else _SPECIAL.sub(r"\\\g<0>", shown)
    href = web_address(span.href)
    return _Run(
        before=" " if span.text[0].isspace() else "",
        said=f"[{said}](<{href}>)" if href else said,
        after=" " if span.text[-1].isspace() else "",
        mark=_MARKS.get(span.style, ""),
    )


def _fits(outside: str, inside: str) -> bool:
    """Whether asterisks between these signs open or close something (CommonMark 6.2)."""
    return inside.isalnum() or not outside.isalnum()


def _begun(line: str) -> str:
    """The line, unless its beginning would make it something else."""
    begins = _BEGINNING.match(line)
    return f"{line[: begins.end() - 1]}\\{line[begins.end() - 1 :]}" if begins else line


def _formula(tex: str) -> str:
    """TeX between dollars, with backticks where Markdown could read something else into it."""
    shown = _one_line(tex)
    if "`" in shown or not shown:
        return ""
    plain = _TEX.fullmatch(shown) and not _UNSURE.search(shown)
    return f"${shown}$" if plain else f"$`{shown}`$"


def _in_ticks(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _one_line(text: str) -> str:
    return " ".join(strip_controls(text).split())


def _words(text: Inline) -> str:
    return "".join(span.text for span in text)
