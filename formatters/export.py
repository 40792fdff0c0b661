"""Reading lists as BibTeX, RIS and Markdown: text that reference managers take. Pure."""

import re
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from formatters.text import readable
from storage.models import Paper

Writer = Callable[[Sequence[Paper], str], str]

_LETTERS = string.ascii_lowercase
_STOP_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "on",
        "of",
        "for",
        "in",
        "to",
        "and",
        "with",
        "from",
        "by",
        "is",
        "are",
        "as",
    }
)
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_PARTICLES = re.compile(
    r"^(?:van|von|de|der|den|del|della|di|da|la|le|du|dos|el|al|bin|ter)$", re.IGNORECASE
)
_SUFFIXES = re.compile(r"^(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>|#$~])")


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
    fields = {
        "title": "{" + _escaped(readable(paper.title)) + "}",
        "author": " and ".join(_bibtex_name(name) for name in paper.authors),
        "year": str(paper.published.year) if paper.published else "",
        "month": f"{paper.published:%b}".lower() if paper.published else "",
        "eprint": paper.id,
        "archiveprefix": "arXiv",
        "primaryclass": paper.primary_category,
        "doi": _escaped(readable(paper.doi or "")),
        "journal": _escaped(readable(paper.journal_ref or "")),
        "note": _escaped(readable(paper.comment or "")),
        "url": f"{site}/abs/{paper.id}",
        "abstract": _escaped(readable(paper.abstract)),
    }
    kind = "article" if paper.journal_ref else "misc"
    lines = "".join(
        f"  {name} = {_value(name, value)},\n" for name, value in fields.items() if value
    )
    return f"@{kind}{{{key},\n{lines}}}\n"


def _value(name: str, value: str) -> str:
    """A field's value; BibTeX knows months as bare words."""
    return value if name == "month" else f"{{{value}}}"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(letter, letter) for letter in text)


def _bibtex_name(name: str) -> str:
    """`Last, First`; in braces where the name is one unit, as of a collaboration."""
    last, first = _parts(name)
    if not first or " and " in f" {name} ":
        return "{" + _escaped(readable(name)) + "}"
    return f"{_escaped(last)}, {_escaped(first)}"


def _parts(name: str) -> tuple[str, str]:
    """Family name with its particles and suffix, and the given names."""
    words = readable(name).split()
    end = len(words)
    while end > 1 and _SUFFIXES.match(words[end - 1]):
        end -= 1
    start = max(0, end - 1)
    while start > 1 and _PARTICLES.match(words[start - 1]):
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def _ris_record(paper: Paper, site: str) -> str:
    tags = [("TY", "JOUR" if paper.journal_ref else "UNPB"), ("TI", readable(paper.title))]
    for name in paper.authors:
        last, first = _parts(name)
        tags.append(("AU", f"{last}, {first}" if first else last))
    if paper.published is not None:
        tags.append(("PY", str(paper.published.year)))
        tags.append(("DA", f"{paper.published:%Y/%m/%d}"))
    tags.append(("AB", readable(paper.abstract)))
    tags.append(("JO", readable(paper.journal_ref or "")))
    tags.append(("DO", readable(paper.doi or "")))
    tags.append(("N1", readable(paper.comment or "")))
    tags.append(("AN", f"arXiv:{paper.id}"))
    tags.append(("UR", f"{site}/abs/{paper.id}"))
    lines = "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value)
    return f"{lines}ER  - \r\n\r\n"


def _markdown_item(paper: Paper, site: str) -> str:
    title = _MARKDOWN_SPECIAL.sub(r"\\\1", readable(paper.title))
    people = _MARKDOWN_SPECIAL.sub(r"\\\1", ", ".join(readable(name) for name in paper.authors))
    year = f" ({paper.published.year})" if paper.published else ""
    by = f" {people}{year}." if people else year
    return (
        f"- [{title}]({site}/abs/{paper.id}).{by} arXiv:{paper.id} \\[{paper.primary_category}\\]\n"
    )


def _citation_key(paper: Paper) -> str:
    last = _parts(paper.authors[0])[0] if paper.authors else ""
    year = str(paper.published.year) if paper.published else ""
    words = (_ascii(word) for word in readable(paper.title).split())
    word = next((w for w in words if w and w not in _STOP_WORDS), "")
    return f"{_ascii(last)}{year}{word}" or "paper"


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
