"""Reading lists as BibTeX, RIS and Markdown: text that reference managers take. Pure."""

import re
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from formatters.markdown import escaped
from formatters.text import readable
from formatters.text.addresses import first_doi
from formatters.text.names import Name, names
from storage.models import Paper

Writer = Callable[[Sequence[Paper], str], str]

_LETTERS = string.ascii_lowercase
_STOP_WORD = re.compile(r"an?|and|are|as|by|for|from|in|is|of|on|the|to|with")
_BIBTEX_SIGNS = frozenset(r"\{}$&%#_~^")
_IN_ADDRESS = "%/:=&?~#+!$,;@*[]()<>'|^`\""
_BRACES = {r"\{": r"{\textbraceleft}", r"\}": r"{\textbraceright}"}


@dataclass(frozen=True, slots=True)
class Format:
    """One form of export."""

    extension: str
    write: Writer
    """Papers and the site that links lead to → the file's text."""


def bibtex(papers: Sequence[Paper], site: str) -> str:
    """BibTeX entries (`@misc` with eprint, as arXiv recommends), keys unique in the file."""
    keys = citation_keys(papers)
    return "\n".join(_bibtex_entry(paper, keys[n], site) for n, paper in enumerate(papers))


def ris(papers: Sequence[Paper], site: str) -> str:
    """RIS records; one tag a line, ended by ER."""
    return "".join(_ris_record(paper, site) for paper in papers)


def markdown(papers: Sequence[Paper], site: str) -> str:
    """A Markdown list, one paper an item."""
    return "".join(_markdown_item(paper, site) for paper in papers)


FORMATS: Mapping[str, Format] = {
    "bibtex": Format("bib", bibtex),
    "ris": Format("ris", ris),
    "md": Format("md", markdown),
}


def citation_keys(papers: Sequence[Paper]) -> list[str]:
    """`vorga2026invented` for each paper, in order; letters tell equal ones apart."""
    taken: set[str] = set()
    keys: list[str] = []
    for paper in papers:
        key = plain = _citation_key(paper)
        number = 0
        while key in taken:
            number += 1
            key = plain + _letters(number)
        taken.add(key)
        keys.append(key)
    return keys


def _bibtex_entry(paper: Paper, key: str, site: str) -> str:
    people = list(map(_bibtex_name, names(paper.authors)))
    fields = {
        "title": "{" + _encoded(readable(paper.title)) + "}",
        "author": " and ".join(people),
        "key": "" if people else key,
        "year": str(paper.published.year) if paper.published else "",
        "month": f"{paper.published:%b}".lower() if paper.published else "",
        "eprint": paper.id,
        "archiveprefix": "arXiv",
        "primaryclass": paper.primary_category,
        "doi": _verbatim(first_doi(paper.doi)),
        "journal": _encoded(readable(paper.journal_ref or "")),
        "note": _encoded(readable(paper.comment or "")),
        "url": _verbatim(f"{site}/abs/{paper.id}"),
        "abstract": _encoded(readable(paper.abstract)),
    }
    whole = paper.journal_ref and people and paper.published
    lines = "".join(
        f"  {name} = {_value(name, value)},\n" for name, value in fields.items() if value
    )
    return f"@{'article' if whole else 'misc'}{{{key},\n{lines}}}\n"


def _value(name: str, value: str) -> str:
    """A field's value; BibTeX knows months as bare words."""
    return value if name == "month" else f"{{{value}}}"


def _encoded(text: str) -> str:
    """Text as BibTeX takes it: its own signs and accented letters in TeX, all else as it is.

    BibTeX sorts and abbreviates by bytes, so that a letter must not be several; Zotero reads
    these and leaves the mathematical macros standing that other signs would become.
    """
    from pylatexenc.latexencode import (  # noqa: PLC0415 -- only exports need it
        get_builtin_uni2latex_dict,
    )

    known = get_builtin_uni2latex_dict()
    said = "".join(
        _sign(sign, known.get(ord(sign), "")) for sign in unicodedata.normalize("NFC", text)
    )
    return said if _balanced(text) else re.sub(r"\\[{}]", lambda brace: _BRACES[brace[0]], said)


def _sign(sign: str, tex: str) -> str:
    if sign in _BIBTEX_SIGNS:
        return f"{{{tex}}}" if tex[1:].isalpha() else tex
    latin = not sign.isascii() and unicodedata.name(sign, "").startswith("LATIN")
    return f"{{{tex}}}" if latin and tex and "ensuremath" not in tex else sign


def _balanced(text: str) -> bool:
    """Whether each brace has its other: BibTeX counts them, even behind a backslash."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _verbatim(text: str) -> str:
    """An address or a DOI, in which nothing is TeX; what can't stand there is encoded."""
    return quote(text, safe=_IN_ADDRESS)


def _bibtex_name(name: Name) -> str:
    """`Last, Jr, First`; in braces where the name is one unit, as of a collaboration."""
    parts = [part for part in (name.family, name.suffix, name.given) if part]
    if not name.given or any(" and " in f" {part} " for part in parts):
        return "{" + _encoded(f"{name.given} {name.family} {name.suffix}".strip()) + "}"
    return ", ".join(map(_encoded, parts))


def _ris_record(paper: Paper, site: str) -> str:
    tags = [("TY", "JOUR" if paper.journal_ref else "UNPB"), ("TI", readable(paper.title))]
    tags += [("AU", _ris_name(name)) for name in names(paper.authors)]
    if paper.published is not None:
        tags.append(("PY", str(paper.published.year)))
        tags.append(("DA", f"{paper.published:%Y/%m/%d}"))
    tags.append(("AB", readable(paper.abstract)))
    tags.append(("JO", readable(paper.journal_ref or "")))
    tags.append(("DO", first_doi(paper.doi)))
    tags.append(("N1", readable(paper.comment or "")))
    tags.append(("AN", f"arXiv:{paper.id}"))
    tags.append(("UR", f"{site}/abs/{paper.id}"))
    lines = "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value)
    return f"{lines}ER  - \r\n\r\n"


def _ris_name(name: Name) -> str:
    """`Last, First, Jr`; without a comma where the name is one unit."""
    if not name.given:
        return f"{name.family} {name.suffix}".replace(",", "").strip()
    return ", ".join(filter(None, (name.family, name.given, name.suffix)))


def _markdown_item(paper: Paper, site: str) -> str:
    title = escaped(readable(paper.title)) or paper.id
    people = escaped(", ".join(map(readable, paper.authors)))
    year = f" ({paper.published.year})" if paper.published else ""
    by = f" {people}{year}." if people else year
    return (
        f"- [{title}]({site}/abs/{paper.id}).{by} arXiv:{paper.id} \\[{paper.primary_category}\\]\n"
    )


def _citation_key(paper: Paper) -> str:
    first = next((name.distinctive for name in names(paper.authors)), "")
    year = str(paper.published.year) if paper.published else ""
    words = (_ascii(word) for word in readable(paper.title).split())
    word = next((w for w in words if w and not _STOP_WORD.fullmatch(w)), "")
    return f"{_ascii(first)}{year}{word}" or "paper"


def _ascii(text: str) -> str:
    """Letters and digits alone, without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", plain.casefold())


def _letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    found = ""
    while number:
        number, rest = divmod(number - 1, len(_LETTERS))
        found = _LETTERS[rest] + found
    return found
