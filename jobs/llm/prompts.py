"""What a model is told: constant instructions from files, then the papers as fenced data.

The instructions stand first and never change within a version, so that a provider's cache
of prefixes hits. Pure apart from reading `prompts/*.md` at first use.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from formatters.catalogue import Term, glossary
from formatters.text import readable
from storage.models import Lang, Paper, Summary

PAPERS = {Lang.EN: "papers.en", Lang.ZH: "papers.zh"}
ABSTRACT = "abstract.zh"
OVERVIEW = {Lang.EN: "overview.en", Lang.ZH: "overview.zh"}
SUMMARIES = (*PAPERS.values(), ABSTRACT)
"""The prompts that share a version: a summary and its abstract belong together."""
_VERSION = re.compile(r"version: (\d+)\n")
_TAG = re.compile(r"<(?=\s*/?\s*(?:paper|notes|question)\b)", re.IGNORECASE)
_WORD_START, _WORD_END = r"(?<![\w-])", r"(?:s|es)?(?![\w-])"


@cache
def instructions(name: str) -> str:
    """The constant part of a prompt."""
    return _read(name)[1]


@cache
def version(names: tuple[str, ...]) -> int:
    """These prompts' version: what was made by an earlier one is made anew."""
    return max(_read(name)[0] for name in names)


def question(papers: Mapping[int, Paper], lang: Lang) -> str:
    """The papers, each under its number, fenced; with the terms that occur in it."""
    return "\n\n".join(_fenced(number, paper, lang) for number, paper in papers.items())


def digest(shown: Mapping[int, tuple[Paper, Summary]]) -> str:
    """What was said of the papers of a digest, each under its number, fenced."""
    return "\n\n".join(_told(number, *one) for number, one in shown.items())


def again(faults: Mapping[int, Sequence[str]]) -> str:
    """What was wrong, paper by paper, and what to answer now."""
    lines = ["Some fields can't be used. Correct them and answer in the same JSON form, with"]
    lines.append(f"these papers only: {', '.join(map(str, faults))}.")
    for number, found in faults.items():
        lines.append(f"Paper {number}:")
        lines.extend(f"- {fault}" for fault in found)
    return "\n".join(lines)


def corrected(faults: Sequence[str]) -> str:
    """What was wrong with the parts of an overview, and what to answer now."""
    lines = ["What was right is kept. These parts can't be used; write them anew in the same JSON"]
    lines.append("form, with an empty list where there is nothing to correct:")
    return "\n".join((*lines, *(f"- {fault}" for fault in faults)))


def fenced(tag: str, data: str) -> str:
    """Data between the tags that it can't close."""
    return f"<{tag}>\n{_defused(data)}\n</{tag}>"


def terms_in(text: str) -> list[Term]:
    """The glossary's terms that a text uses, longest first, none inside another."""
    found = []
    for term, sign in _terms():
        if sign.search(text):
            found.append(term)
            text = sign.sub(" ", text)
    return found


def _fenced(number: int, paper: Paper, lang: Lang) -> str:
    title, abstract = readable(paper.title), readable(paper.abstract)
    data = f"Title: {_defused(title)}\nAbstract: {_defused(abstract)}"
    terms = terms_in(f"{title}\n{abstract}") if lang is Lang.ZH else []
    listed = "".join(f"\n{term.en} = {term.zh}" for term in terms)
    glossed = f"\n术语表：{listed}" if listed else ""
    return f"{_fence(number, data)}{glossed}"


def _told(number: int, paper: Paper, summary: Summary) -> str:
    title = summary.title or readable(paper.title)
    findings = "".join(f"\n- {finding}" for finding in summary.findings)
    return _fence(number, _defused(f"Title: {title}\nTL;DR: {summary.tldr}{findings}"))


def _fence(number: int, data: str) -> str:
    return f'<paper number="{number}">\n{data}\n</paper>'


def _defused(text: str) -> str:
    """No text can close the fence that it stands in."""
    return _TAG.sub("‹", text)


@cache
def _terms() -> tuple[tuple[Term, re.Pattern[str]], ...]:
    longest_first = sorted(glossary(), key=lambda term: -len(term.en))
    return tuple((term, _sign(term)) for term in longest_first)


def _sign(term: Term) -> re.Pattern[str]:
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", term.en)))
    flags = re.IGNORECASE if term.en.islower() else re.NOFLAG
    return re.compile(_WORD_START + words + _WORD_END, flags)


@cache
def _read(name: str) -> tuple[int, str]:
    text = files("jobs.llm").joinpath("prompts", f"{name}.md").read_text("utf-8")
    head = _VERSION.match(text)
    if head is None:
        raise ValueError(f"{name}.md has no version")
    return int(head[1]), text[head.end() :].strip()
