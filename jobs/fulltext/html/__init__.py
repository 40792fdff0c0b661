"""arXiv's HTML papers, as LaTeXML and latexml-oxide write them, to `FullText`.

Pure and CPU-bound: a caller on an event loop puts `read` into a thread. Style sheets are not
read; what hides a text is looked for in styles, attributes and LaTeXML's classes.
"""

from urllib.parse import urljoin

from jobs.fulltext.html.blocks import blocks_of
from jobs.fulltext.html.hidden import take_out_hidden
from jobs.fulltext.html.links import links_of
from jobs.fulltext.html.opening import address_base, article_of
from jobs.ports import SourceError
from jobs.screening import screened
from storage.models.fulltext import FullText, Origin
from storage.models.papers import PaperId

__all__ = ["read"]

_FEWEST_CHARACTERS = 1_500
"""In all sections; less is what is left of a failed conversion."""


def read(page: bytes, paper: PaperId, version: int, *, base_url: str) -> FullText:
    """The paper that the page holds; `base_url` is the page's address.

    Raises SourceError `foreign-page` (no paper) or `truncated` (cut off, or too short to be
    a whole one).
    """
    article = article_of(page)
    base = address_base(article, base_url)

    def address(relative: str) -> str:
        try:
            return urljoin(base, relative)
        except ValueError:  # a broken address of another host
            return relative

    hidden = take_out_hidden(article)
    links = links_of(article, paper, address)
    blocks = blocks_of(article, address)
    text = FullText(
        paper,
        version,
        Origin.HTML,
        blocks.sections,
        blocks.abstract,
        blocks.references,
        links,
        hidden,
    )
    if text.characters < _FEWEST_CHARACTERS:
        raise SourceError("truncated", f"{text.characters} characters")
    return screened(text)
