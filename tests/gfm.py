"""A Markdown file as a GitHub-flavoured reader takes it: tables, headings, links, anchors, HTML."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

ANCHOR = re.compile(r'<a id="([^"]+)">')
OWN_HTML = re.compile(r'<a id="[^"<>]+">|</a>|<br>|\n')


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    """As it is read; a line break in it as one."""
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """What is in the file."""

    tables: list[list[list[Cell]]]
    """Rows of each, header first."""
    headings: list[tuple[int, str]]
    links: list[str]
    anchors: list[str]
    html: str
    """All HTML in it that is not an anchor or a line break."""
    text: str

    @property
    def inner_links(self) -> list[str]:
        """The names of places in the file that links lead to."""
        return [link.removeprefix("#") for link in self.links if link.startswith("#")]


def read(markdown: str) -> File:
    """The file, parsed."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    html = [t.content for t in [*tokens, *inline] if t.type in ("html_block", "html_inline")]
    return File(
        tables=_tables(tokens),
        headings=[
            (int(token.tag[1]), _text(tokens[at + 1].children or ()))
            for at, token in enumerate(tokens)
            if token.type == "heading_open"
        ],
        links=[str(t.attrs["href"]) for t in inline if t.type == "link_open"],
        anchors=[name for piece in html for name in ANCHOR.findall(piece)],
        html=OWN_HTML.sub("", "".join(html)),
        text=_text(inline),
    )


def _tables(tokens: list[Token]) -> list[list[list[Cell]]]:
    tables: list[list[list[Cell]]] = []
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type in ("td_open", "th_open"):
            children = tokens[at + 1].children or ()
            links = tuple(str(c.attrs["href"]) for c in children if c.type == "link_open")
            tables[-1][-1].append(Cell(_text(children), links))
    return tables


def _text(children) -> str:
    return "".join(
        "\n" if child.type == "html_inline" and child.content == "<br>" else child.content
        for child in children
        if child.type in ("text", "text_special", "code_inline", "softbreak", "hardbreak")
        or child.content == "<br>"
    )
