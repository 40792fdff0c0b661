"""One self-contained HTML file: nothing is loaded and nothing runs, wherever it is opened."""

from functools import cache
from html import escape
from importlib.resources import files

from formatters.catalogue import say
from formatters.document import Document, Heading, Title
from formatters.html.fragment import LANG_TAGS, fragment, inline
from storage.models import Lang

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


def page(document: Document, lang: Lang) -> str:
    """The document as a page, its contents listed beneath the title."""
    head, rest = _cut(document)
    name = next((b.text for b in document.blocks if isinstance(b, Title)), ())
    title = escape("".join(span.text for span in name))
    return (
        f'<!DOCTYPE html>\n<html lang="{LANG_TAGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"{fragment(head, lang)}{_contents(document, lang)}{fragment(rest, lang)}"
        "</main>\n</body>\n</html>\n"
    )


def _cut(document: Document) -> tuple[Document, Document]:
    """What stands before the first heading that has an anchor, and the rest."""
    blocks = document.blocks
    ends = (at for at, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor)
    end = next(ends, len(blocks))
    return Document(blocks[:end]), Document(blocks[end:])


def _contents(document: Document, lang: Lang) -> str:
    links = [
        f'<li><a href="#{escape(block.anchor)}">{inline(block.text)}</a></li>'
        for block in document.blocks
        if isinstance(block, Heading) and block.anchor
    ]
    if not links:
        return ""
    return (
        f'<nav aria-label="{escape(say("file.contents", lang))}"><ol>{"".join(links)}</ol></nav>\n'
    )


@cache
def _style() -> str:
    return files("formatters.html").joinpath("page.css").read_text("utf-8")
