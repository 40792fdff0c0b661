"""arXiv identifiers: what people paste, read into the canonical base id and a version.

Pure. Source of the forms: info.arxiv.org/help/arxiv_identifier. Whether a paper exists is
not known here.
"""

import re
import unicodedata

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

_LINK = re.compile(
    r"""(?:https?://)?(?:[a-z0-9-]+\.)*
    (?: (?:arxiv|alphaxiv|ar5iv)\.org/(?:abs|pdf|html|format|ps|src|e-print|overview|resources)/
      | ar5iv\.labs\.arxiv\.org/(?:abs|html)/
      | (?:huggingface\.co|hf\.co)/papers/
      | papers\.cool/arxiv/
      | doi\.org/10\.48550/arxiv\.
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(r"(?:oai:)?arxiv(?:\.org)?\s*:\s*|doi:\s*10\.48550/arxiv\.", re.IGNORECASE)
_LISTING = re.compile(r"\s*\[[a-z-]+(?:\.[A-Za-z-]+)?\].*\Z")
"""What arXiv prints behind an id on a paper's first page: `[cs.CV] 6 Feb 2026`."""
_ID = re.compile(
    r"""(?: (?P<month>[0-9]{4})\.(?P<number>[0-9]{4,6})
      | (?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]+(?:-[a-z]+)?)?/(?P<old>[0-9]{7})
    )(?:v(?P<version>[1-9][0-9]{0,2}))?""",
    re.VERBOSE | re.IGNORECASE,
)
_WRITTEN = re.compile(r"[!-~]+")
"""Runs of printable ASCII: links end where Chinese begins."""
_MOST_TO_LOOK_THROUGH = 5_000
_AROUND = " \t\r\n<>()[]{}\"'`“”‘’「」『』【】《》,;:!.。、"


def parse_paper_id(text: str) -> tuple[PaperId, int | None] | None:
    """The base id and the version that `text` names, in any form that people paste.

    Accepts plain ids, `arXiv:…` labels, links to arXiv and to sites that show its papers,
    DOIs of arXiv, old ids with and without a subject class, brackets and full-width
    characters. Returns None for everything else.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    # Slack wraps links as <address|label>; a query or an anchor names no paper.
    address = re.split(r"[|?#]", _LISTING.sub("", plain), maxsplit=1)[0]
    bare = address.strip(_AROUND).rstrip("/").removesuffix(".pdf")
    if prefix := _LINK.match(bare) or _LABEL.match(bare):
        bare = bare[prefix.end() :]
    found = _ID.fullmatch(bare)
    base = _canonical(found) if found else None
    if not found or not base:
        return None
    return base, int(found["version"]) if found["version"] else None


def first_paper_id(text: str) -> PaperId | None:
    """The first paper that a longer text names, by an id or a link."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_TO_LOOK_THROUGH])
    named = (parse_paper_id(word) for word in _WRITTEN.findall(plain))
    return next((found[0] for found in named if found is not None), None)


def _canonical(found: re.Match[str]) -> PaperId | None:
    """The base id without version and subject class, if such an id can have been given."""
    if found["old"]:
        archive = found["archive"].lower()
        known = archive in _ARCHIVES and _is_month(found["old"][:4], "9107", "0703")
        return PaperId(f"{archive}/{found['old']}") if known else None
    month, number = found["month"], found["number"]
    # Four digits until 2014, five since; six are foreseen.
    span = ("0704", "1412") if len(number) == 4 else ("1501", "9012")  # noqa: PLR2004
    return PaperId(f"{month}.{number}") if _is_month(month, *span) else None


def _is_month(yymm: str, first: str, last: str) -> bool:
    """Whether `yymm` is a month from `first` to `last`; 91 to 99 are the last century."""
    return "01" <= yymm[2:] <= "12" and _ordered(first) <= _ordered(yymm) <= _ordered(last)


def _ordered(yymm: str) -> str:
    return ("19" if yymm >= "9101" else "20") + yymm
