"""The addresses that an article names, by its links and in its text. Pure."""

from collections.abc import Callable

from lxml.etree import _Element

from formatters.text.links import addresses
from storage.models.papers import PaperId

_LIKELY = ("://", ".com/", ".co/", ".org/", ".science/", ".github.")
_TEXTS = " or ".join(f"contains(., '{sign}')" for sign in _LIKELY)


def links_of(article: _Element, paper: PaperId, address: Callable[[str], str]) -> tuple[str, ...]:
    """Every address outside the page, once, in order; `address` makes a relative one whole."""
    found = article.xpath(f".//a/@href | .//text()[{_TEXTS}]")
    said = [_whole(each, address) for each in found] if isinstance(found, list) else []
    # Two line ends: an address must not run on into the next.
    named = addresses("\n\n".join(said))
    return tuple(link for link in named if f"arxiv.org/html/{paper}" not in link)


def _whole(said: object, address: Callable[[str], str]) -> str:
    """A link's target or a piece of text."""
    text = str(said)
    if not getattr(said, "is_attribute", False):
        return text
    return "" if text.startswith("#") else address(text.strip())
