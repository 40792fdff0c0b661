"""arXiv identifiers: what people paste, read into the canonical base id and a version.

Pure. Source of the forms: info.arxiv.org/help/arxiv_identifier. Whether a paper exists is
not known here.
"""

import re
import unicodedata
from collections.abc import Iterator

from storage.models import PaperId

_MOST_CHARACTERS = 300
"""No id or link that anyone pastes is longer."""

# fmt: off
_ARCHIVES = frozenset({
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn",
    "chem-ph", "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex",
    "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th",
    "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "quant-ph", "solv-int", "supr-con",
})
# fmt: on
"""Archives that had ids of the old form (until March 2007)."""

_LINK = r"""(?:https?://)?(?:[a-z0-9-]+\.)*
    (?: (?:arxiv|alphaxiv|ar5iv)\.org/(?:[a-z]{2}(?:-[a-z]{2})?/)?
        (?:abs|pdf|html|format|ps|src|e-print|overview|resources)/
      | ar5iv\.labs\.arxiv\.org/(?:abs|html)/
      | (?:huggingface\.co|hf\.co)/papers/
      | papers\.cool/arxiv/
      | doi\.org/10\.48550/arxiv\.
    )"""
_LABEL = r"(?:oai:)?arxiv(?:\.org)?(?:\s*:\s*|\s+) | (?:doi:\s*)?10\.48550/arxiv\."
_ID = r"""(?: (?P<month>[0-9]{4})\.(?P<number>[0-9]{4,6})
      | (?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]+(?:-[a-z]+)?)?/(?P<old>[0-9]{7})
    )(?:\s?v(?P<version>[1-9][0-9]{0,2})(?![a-z0-9]|\.[0-9]))?"""
_LISTING = r"(?:\s*\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+[0-9]{1,2}\s[a-z]{3}\s[0-9]{4})?)?"
"""What arXiv prints behind an id on a paper's first page: `[cs.CV] 6 Feb 2026`."""
_FURTHER = r"[\w./:=&?%@+~!$#-]*"
"""The rest of an address, where it is neither Chinese nor a bracket."""
_NAMED = re.compile(
    rf"""(?<![a-z0-9./=&?#%@+^$\\-]) (?<![a-z0-9]_) (?<![0-9]:)
    (?:(?P<link>{_LINK})|{_LABEL})? {_ID} (?:\.pdf)? (?![a-z0-9]|_[a-z0-9]|[.-][0-9])
    (?(link) (?:[/?#%]{_FURTHER})? (?:\|[^<>|]*(?=>))?
      | (?!%|/[a-z0-9]) (?:[?#]{_FURTHER})? )
    {_LISTING}""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""An id where it is no part of a longer number, name or address. Slack wraps links as
<address|label>."""
_SPANS = {4: ("0704", "1412"), 5: ("1501", "9012"), 6: ("2701", "9012")}
"""Digits of a number → the months that have such; six are foreseen, none was given by 2026."""
_MOST_TO_LOOK_THROUGH = 5_000
_AROUND = " \t\r\n<>()[]{}\"'`“”‘’「」『』【】《》*_~|,;:!?.。、"
_BEHIND = " \t\r\n>)]}”’」』】》*_~|,;:!?.。、"

Named = tuple[PaperId, int | None]
"""A paper's base id, and the version where one is named."""


def parse_paper_id(text: str) -> Named | None:
    """The paper that `text` names and says nothing else, in any form that people paste.

    Accepts plain ids, `arXiv:…` labels, links to arXiv and to sites that show its papers,
    DOIs of arXiv, old ids with and without a subject class, brackets and full-width
    characters. Returns None for everything else.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    papers, rest = split_paper_ids(text)
    return papers[0] if len(papers) == 1 and not rest.strip(_AROUND) else None


def split_paper_ids(text: str) -> tuple[list[Named], str]:
    """The papers that a text names, each once and in their order, and what else it says."""
    plain = unicodedata.normalize("NFKC", text)
    papers: dict[Named, None] = {}
    rest, at = [], 0
    for paper, start, end in _mentions(plain):
        papers[paper] = None
        rest.append(plain[at:start])
        at = end
    return list(papers), " ".join([*rest, plain[at:]])


def leading_paper_id(text: str) -> tuple[Named | None, str]:
    """The paper whose id or link a text begins with, and what follows it; else all of it."""
    plain = unicodedata.normalize("NFKC", text)
    first = next(_mentions(plain), None)
    if first is None or plain[: first[1]].strip(_AROUND):
        return None, text
    return first[0], plain[first[2] :].lstrip(_BEHIND)


def first_paper_id(text: str) -> Named | None:
    """The first paper that a longer text names, by an id or a link."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_TO_LOOK_THROUGH])
    return next((paper for paper, _, _ in _mentions(plain)), None)


def written(paper: PaperId, version: int | None) -> str:
    """As commands take it: `2602.06043v2`."""
    return paper if version is None else f"{paper}v{version}"


def _mentions(plain: str) -> Iterator[tuple[Named, int, int]]:
    """Each paper that is named, with where that begins and ends."""
    for found in _NAMED.finditer(plain):
        paper = _canonical(found)
        if paper is not None:
            version = found["version"]
            yield (paper, int(version) if version else None), found.start(), found.end()


def _canonical(found: re.Match[str]) -> PaperId | None:
    """The base id without version and subject class, if such an id can have been given."""
    if found["old"]:
        archive = found["archive"].lower()
        known = archive in _ARCHIVES and _is_month(found["old"][:4], "9107", "0703")
        return PaperId(f"{archive}/{found['old']}") if known else None
    month, number = found["month"], found["number"]
    return PaperId(f"{month}.{number}") if _is_month(month, *_SPANS[len(number)]) else None


def _is_month(yymm: str, first: str, last: str) -> bool:
    """Whether `yymm` is a month from `first` to `last`; 91 to 99 are the last century."""
    return "01" <= yymm[2:] <= "12" and _ordered(first) <= _ordered(yymm) <= _ordered(last)


def _ordered(yymm: str) -> str:
    return ("19" if yymm >= "9101" else "20") + yymm
