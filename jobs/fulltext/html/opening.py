"""A page's bytes to its article: what counts as one whole paper in LaTeXML's HTML. Pure."""

import re
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element

from jobs.fulltext.html.kinds import classes_of
from jobs.ports import SourceError

_LENGTHS = re.compile(r"\A\s*\[[^\[\]]{0,40}\d(?:pt|em|ex|mm|cm|in)\b[^\[\]]{0,40}\]")
_ENDS = (b"</article>", b"</html>")


def article_of(page: bytes) -> _Element:
    """The paper's own element; everything around it is the site's.

    Raises SourceError `foreign-page` (no paper of LaTeXML's) or `truncated` (its end is
    missing, or too deeply nested to be read to its end).
    """
    root = _parsed(page)
    article = next(filter(_is_paper, root.iter("article")), None)
    if article is None:
        raise SourceError("foreign-page", "no paper in LaTeXML's form")
    tail = page.lower()
    at = [tail.rfind(end) for end in _ENDS]
    if not 0 <= at[0] < at[1]:
        raise SourceError("truncated", "the page's end is missing")
    _drop_arguments_of_errors(article)
    return article


def address_base(article: _Element, base_url: str) -> str:
    """What the page's relative addresses start from."""
    for base in article.getroottree().iter("base"):
        return urljoin(base_url, base.get("href") or "")
    return base_url


def _is_paper(article: _Element) -> bool:
    return "ltx_document" in classes_of(article)


def _drop_arguments_of_errors(article: _Element) -> None:
    """A macro that LaTeXML doesn't know leaves its lengths behind: `[0.4pt/2pt]`."""
    for error in article.iter("span", "div"):
        if "ltx_ERROR" not in classes_of(error):
            continue
        following = error.getnext()
        if (error.tail or "").strip():
            error.tail = _LENGTHS.sub("", error.tail or "")
        elif following is not None and following.text:
            following.text = _LENGTHS.sub("", following.text)


def _parsed(page: bytes) -> _Element:
    # huge_tree: long pages are no attack; the parser's own bound on depth (2,048) stays.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(page.replace(b"\0", b""), parser)
    except etree.LxmlError as error:
        raise SourceError("foreign-page", str(error)) from error
    if root is None:
        raise SourceError("foreign-page", "no markup")
    for entry in parser.error_log.filter_from_fatals():
        raise SourceError("truncated", entry.message)
    return root
