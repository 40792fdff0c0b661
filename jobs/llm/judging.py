"""From a model's answer to a summary that can be shown: every field is checked. Pure.

What is good stays good over several answers; what is not is told, and in the end left out
where a summary can do without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from formatters.text import folded
from jobs.verify import Fault, FaultKind, Field, Kind, Source, check, omitted
from storage.models import Lang, Paper, Summary

MOST_FINDINGS = 4
FEWEST_FINDINGS = 2
"""Fewer, or such that leave out the results' numbers, are asked for anew; in the end what there is
serves."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of one paper, unchecked."""

    tldr: str
    findings: Sequence[str] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is good so far of one paper's summary."""

    paper: Paper
    lang: Lang
    source: Source
    tldr: str | None = None
    findings: tuple[str, ...] = ()
    title: str | None = None
    faults: tuple[str, ...] = ()
    """What was wrong with the last answer, for the model."""
    kinds: tuple[FaultKind, ...] = ()
    """Every fault so far, for statistics."""

    @classmethod
    def of(cls, paper: Paper, lang: Lang) -> "Draft":
        """Nothing yet."""
        return cls(paper, lang, Source(paper.title, paper.abstract, paper.authors))

    @property
    def translates(self) -> bool:
        """Whether the title is wanted in another language."""
        return self.lang is Lang.ZH and not self.source.chinese

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that are still to come."""
        wanted = {
            "title": self.translates and self.title is None,
            "tldr": self.tldr is None,
            "findings": len(self.findings) < FEWEST_FINDINGS or self.without_results,
        }
        return tuple(name for name, lacks in wanted.items() if lacks)

    @property
    def without_results(self) -> bool:
        """Whether the paper's results are numbers and nothing here gives one."""
        return omitted((self.tldr or "", *self.findings), self.source)

    def summary(self, engine: str) -> Summary | None:
        """The summary as far as it is good; None without a TL;DR."""
        if self.tldr is None:
            return None
        return Summary(
            paper=self.paper.id,
            version=self.paper.version,
            lang=self.lang,
            engine=engine,
            tldr=self.tldr,
            findings=self.findings,
            title=self.title,
        )


def judged(draft: Draft, answer: Answer) -> Draft:
    """The draft with what is good of the answer, and the faults of the rest."""
    told: list[str] = []
    kinds: list[FaultKind] = []
    judge = _Judge(draft, told, kinds)
    missing = draft.missing
    if "title" in missing:
        draft = replace(draft, title=judge.text("title", answer.title or "", Kind.TITLE))
    if "tldr" in missing:
        draft = replace(draft, tldr=judge.text("tldr", answer.tldr, Kind.TLDR))
    if "findings" in missing:
        draft = _better(draft, replace(draft, findings=judge.findings(answer.findings, draft.tldr)))
        if "findings" not in draft.missing:
            told = [line for line in told if not line.startswith("findings")]
        elif len(draft.findings) >= FEWEST_FINDINGS:
            told.append("findings: give the numbers of the paper's results as it states them.")
        elif not any(line.startswith("findings") for line in told):
            told.append(f"findings: write {FEWEST_FINDINGS} to {MOST_FINDINGS} different ones.")
    return replace(draft, faults=tuple(told), kinds=(*draft.kinds, *kinds))


def _better(draft: Draft, other: Draft) -> Draft:
    """The one with enough findings, then that with the results, then that with more of them."""

    def worth(one: Draft) -> tuple[bool, bool, int]:
        enough = len(one.findings) >= FEWEST_FINDINGS
        return enough, not one.without_results, len(one.findings)

    return max(other, draft, key=worth)


def unanswered(draft: Draft) -> Draft:
    """The paper was left out of the answer."""
    return replace(draft, faults=(f"There was no answer; write {', '.join(draft.missing)}.",))


def translated(raw: str, paper: Paper, lang: Lang) -> tuple[str | None, tuple[Fault, ...]]:
    """A translated abstract if it is good, and its faults."""
    source = Source(paper.title, paper.abstract, paper.authors)
    verdict = check(raw, Field(Kind.ABSTRACT, lang), source)
    return (verdict.text if verdict.good else None), verdict.faults


@dataclass(frozen=True, slots=True)
class _Judge:
    """Checks texts and notes what is wrong with them."""

    draft: Draft
    told: list[str]
    kinds: list[FaultKind]

    def text(self, name: str, raw: str, kind: Kind) -> str | None:
        verdict = check(raw, Field(kind, self.draft.lang), self.draft.source)
        self.told.extend(f"{name}: {fault.detail}" for fault in verdict.faults)
        self.kinds.extend(fault.kind for fault in verdict.faults)
        return verdict.text if verdict.good else None

    def findings(self, raw: Sequence[str], tldr: str | None) -> tuple[str, ...]:
        return tuple(self._different(raw, tldr))[:MOST_FINDINGS]

    def _different(self, raw: Sequence[str], tldr: str | None) -> Iterator[str]:
        said = {folded(tldr or "")}
        for number, one in enumerate(raw, 1):
            text = self.text(f"findings[{number}]", one, Kind.FINDING)
            if text is not None and (letters := folded(text)) not in said:
                said.add(letters)
                yield text
