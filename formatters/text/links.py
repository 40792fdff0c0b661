"""The addresses that a text names, and which of them lead to its code or its project's page.

Asks no server: a link is what its address and the words around it say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from formatters.text.mentions import Mention, mentions

_NOBODYS = re.compile(
    r"anonymous\.4open\.science/w/.*"
    r"|github\.com/(?:about|apps|collections|contact|enterprise|explore|features|join|login"
    r"|marketplace|notifications|orgs|pricing|readme|search|security|settings|site|sponsors"
    r"|topics|trending|users)(?:/.*)?"
    r"|huggingface\.co/(?:(?:api|blog|chat|docs|enterprise|join|learn|login|models|new"
    r"|organizations|papers|posts|pricing|search|settings|tasks)(?:/.*)?"
    r"|collections|datasets|spaces)"
)
"""Places on code hosts that have no code: the hosts' own pages, web sites."""
_HOSTS = ("github.com", "gist.github.com", "bitbucket.org", "anonymous.4open.science")
_RELEASES = ("datasets", "spaces", "collections")
_HOSTED = re.compile(
    r"(?:.+\.)?(?:github\.io|gitlab\.io|pages\.dev|netlify\.app|vercel\.app|streamlit\.app"
    r"|hf\.space|notion\.site|webflow\.io|wixsite\.com|framer\.website)"
    r"|sites\.google\.com|anonymous\.4open\.science"
)
_NO_PAGES = re.compile(
    r"(?:.+\.)?(?:arxiv\.org|doi\.org|openreview\.net|youtube\.com|youtu\.be|zenodo\.org"
    r"|drive\.google\.com|ieee\.org|acm\.org|springer\.com)"
)
_CALLED = re.compile(
    r"(?:\bproject(?:'s)?(?: ?(?:web ?)?(?:page|site|link|url))?|\bhome ?page"
    r"|项目(?:主页|页面|网页|网站|网址|链接)?|主页)"
    r"(?:\s+(?:is|can be|available|found|accessed|here|at|on|in|via))*"
    r"[\s:：,，(（为是在于可]*(?:\\(?:href|url)\{\s*)?\Z",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\}\{[^{}]{0,20}(?:project|home ?page|website)", re.IGNORECASE)


class _Kind(IntEnum):
    """What a code host has at an address, best first."""

    REPOSITORY = 0
    RELEASE = 1
    """Models, data, a demo."""
    OWNER = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """Something on a code host."""

    kind: _Kind
    name: str
    """The same for all addresses of it."""


def addresses(text: str) -> tuple[str, ...]:
    """Every address that a text names, once, in order."""
    return _once((found.address, _same(found.address)) for found in mentions(text))


def code_links(*texts: str) -> tuple[str, ...]:
    """Addresses of repositories, then of models, data and demos; each once, in order.

    An owner's page counts only where nothing better is named.
    """
    return chosen(mention for text in texts for mention in mentions(text))


def chosen(found: Iterable[Mention]) -> tuple[str, ...]:
    """Of these mentions those of code, as `code_links` has them."""
    placed = [(place, each.address) for each in found if (place := _place(each.address))]
    best = min((place.kind for place, _ in placed), default=_Kind.OWNER)
    wanted = [each for each in placed if best is _Kind.OWNER or each[0].kind is not _Kind.OWNER]
    wanted.sort(key=lambda each: each[0].kind)
    return _once((address.rstrip("/").removesuffix(".git"), at.name) for at, address in wanted)


def repository(address: str) -> str | None:
    """The repository at an address, named the same for all addresses of it; None: none is."""
    place = _place(address)
    return place.name if place is not None and place.kind is _Kind.REPOSITORY else None


def project_links(*texts: str) -> tuple[str, ...]:
    """Addresses of project pages, each once, in order.

    A page is known by where it is hosted or by what the text calls it; code is none.
    """
    return _once(
        (mention.address, _same(mention.address))
        for text in texts
        for mention in mentions(text)
        if _place(mention.address) is None and _is_page(mention)
    )


def _once(named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of addresses with their names, each name's first address."""
    first: dict[str, str] = {}
    for address, name in named:
        first.setdefault(name, address)
    return tuple(first.values())


def _same(address: str) -> str:
    """What all spellings of an address share."""
    return address.partition("://")[2].lower().removeprefix("www.").rstrip("/")


def _steps(address: str) -> tuple[str, list[str]]:
    """An address' host and the steps of its path, in lower case."""
    host, _, path = re.split(r"[?#]", _same(address), maxsplit=1)[0].partition("/")
    host = host.partition(":")[0]
    steps = [step for step in path.removesuffix(".git").split("/") if step]
    return ("huggingface.co" if host == "hf.co" else host), steps


def _place(address: str) -> _Place | None:
    """What a code host has at the address; None: it is no code host's, or nobody's code."""
    host, steps = _steps(address)
    if not steps or _NOBODYS.fullmatch("/".join([host, *steps])):
        return None
    kind, depth = _Kind.REPOSITORY, 2
    if host == "huggingface.co":
        kind, depth = _Kind.RELEASE, 3 if steps[0] in _RELEASES else 2
    elif host.startswith("gitlab."):
        depth = steps.index("-") if "-" in steps else len(steps)
    elif host not in _HOSTS:
        return None
    return _Place(kind if len(steps) > 1 else _Kind.OWNER, "/".join([host, *steps[:depth]]))


def _is_page(mention: Mention) -> bool:
    """Whether an address that is not code is a project's page."""
    host, _ = _steps(mention.address)
    if _NO_PAGES.fullmatch(host):
        return False
    called = _CALLED.search(mention.before) or _LABELLED.match(mention.after)
    return _HOSTED.fullmatch(host) is not None or called is not None
