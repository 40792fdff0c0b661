"""Documents as the inside of a page: semantic elements, everything escaped. Pure.

Buttons are left out: a page runs no commands.
"""

from collections.abc import Iterable, Iterator
from html import escape
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
from formatters.steps import is_all
from formatters.text import strip_controls
from formatters.text.addresses import web_address
from storage.models import Lang

LANG_TAGS = {Lang.EN: "en", Lang.ZH: "zh-Hans"}
"""The languages by their names in HTML and XML (BCP 47)."""
_TAGS = {
    Style.PLAIN: ("", ""),
    Style.STRONG: ("<strong>", "</strong>"),
    Style.FAINT: ('<span class="faint">', "</span>"),
    Style.CODE: ("<code>", "</code>"),
}
_HEAD, _CELL = ('<th scope="col">', "</th>"), ("<td>", "</td>")


def fragment(document: Document, lang: Lang, *, top: int = 1) -> str:
    """The blocks as elements, each on a line; the title is a heading of level `top`.

    `lang` is the page's language.
    """
    return "".join(f"{line}\n" for block in document.blocks for line in _block(block, lang, top))


def inline(text: Inline) -> str:
    """Spans as phrasing content; what they break stays broken."""
    return "".join(_span(span) for span in text).strip()


def _block(block: Block, lang: Lang, top: int) -> Iterator[str]:
    match block:
        case Title() | Heading():
            yield _head(block, top)
        case Text():
            look = ' class="faint"' if is_all(block, Style.FAINT) else ""
            yield f"<p{look}>{inline(block.text)}</p>"
        case Bullets() | Facts():
            yield _listed(block) if isinstance(block, Bullets) else _facts(block)
        case Code():
            yield f"<pre>{_safe(block.text)}</pre>"
        case Grid():
            yield from _grid(block, lang)
        case Quote():
            yield _quote(block)
        case Lead() | PaperCard() | Titles():
            for simple in simplified(block):
                yield from _block(simple, lang, top)
        case Buttons():
            pass
        case _:
            assert_never(block)


def _head(block: Title | Heading, top: int) -> str:
    if isinstance(block, Title):
        return f"<h{top}>{inline(block.text)}</h{top}>"
    name = f' id="{escape(block.anchor)}"' if block.anchor else ""
    level = min(top + block.level, 6)
    return f"<h{level}{name}>{inline(block.text)}</h{level}>"


def _listed(block: Bullets) -> str:
    items = "".join(f"<li>{inline(item)}</li>" for item in block.items)
    if block.start is None:
        return f"<ul>{items}</ul>"
    return f'<ol start="{block.start}">{items}</ol>'


def _facts(block: Facts) -> str:
    pairs = (f"<dt>{_safe(name)}</dt><dd>{inline(value)}</dd>" for name, value in block.pairs)
    return f"<dl>{''.join(pairs)}</dl>"


def _grid(block: Grid, lang: Lang) -> Iterator[str]:
    """A table that scrolls by itself, also by keyboard, where it is wider than the page."""
    caption = inline(block.caption)
    name = " ".join(strip_controls("".join(span.text for span in block.caption)).split())
    name = name or say("file.table", block.lang or lang)
    yield (
        f'<div class="wide" role="region" aria-label="{escape(name)}"{_lang(block.lang)}'
        ' tabindex="0">'
    )
    yield f"<table>{f'<caption>{caption}</caption>' if caption else ''}"
    yield f"<thead>{_row(block.header, _HEAD)}</thead><tbody>"
    yield from (_row(row, _CELL) for row in block.rows)
    yield "</tbody></table></div>"


def _row(cells: Iterable[Inline], tags: tuple[str, str]) -> str:
    return f"<tr>{''.join(inline(cell).join(tags) for cell in cells)}</tr>"


def _quote(block: Quote) -> str:
    source = inline(block.source)
    under = f"<footer>{source}</footer>" if source else ""
    return f"<blockquote><p>{inline(block.text)}</p>{under}</blockquote>"


def _span(span: Span) -> str:
    shown = _safe(span.text).replace("\n", "<br>")
    if span.tex:
        source = " ".join(strip_controls(span.tex).split())
        shown = f'<span class="formula" title="{escape(source)}">{shown}</span>'
    if span.lang and shown:
        shown = f"<span{_lang(span.lang)}>{shown}</span>"
    before, after = _TAGS[span.style]
    href = web_address(span.href)
    if href:
        shown = f'<a href="{escape(href)}" rel="noopener noreferrer">{shown}</a>'
    return f"{before}{shown}{after}" if shown else ""


def _lang(lang: Lang | None) -> str:
    return f' lang="{LANG_TAGS[lang]}"' if lang else ""


def _safe(text: str) -> str:
    return escape(strip_controls(text), quote=False)
