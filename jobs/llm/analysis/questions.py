"""How a model is asked about a whole paper. Pure apart from reading prompts at first use.

The paper stands first and the question behind it, so that all questions about one paper begin
alike and a provider's cache of prefixes hits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from formatters.text import readable, strip_controls, truncate
from jobs.llm import prompts
from jobs.llm.analysis.forms import Task, aspects_of
from jobs.llm.analysis.judging import Claims
from storage.models import Aspect, Claim, FullText, Lang, Paper

RULES = "analysis_rules"
"""The constant instructions of all questions but a reader's."""
ANSWER = "analysis_answer"
PROMPTS = tuple(
    f"{name}.{lang}"
    for name in (RULES, ANSWER, *(f"analysis_{task}" for task in Task))
    for lang in Lang
)
"""They share a version: an analysis by others is another one."""
MOST_ASKED = 1_000
"""Characters of a reader's question."""
_MOST_TERMS = 60

Line = tuple[str | None, str]
"""A note, and its section as in Claim."""
_NOTED: Mapping[Task, tuple[Aspect, ...]] = {
    Task.IDEA: (Aspect.NEED, Aspect.CONTRIBUTIONS, Aspect.FINDINGS),
    Task.MOTIVE: (Aspect.METHOD, Aspect.STATED_LIMITS),
    Task.LIMITS: (Aspect.RESULTS, Aspect.METHOD, Aspect.HYPERPARAMETERS),
}
"""Notes that a question needs beside those of its own aspects."""


def instructions(name: str, lang: Lang) -> str:
    """A prompt's text."""
    return prompts.instructions(f"{name}.{lang}")


def about_paper(paper: Paper, text: FullText, body: str, task: Task, lang: Lang) -> str:
    """A question about a paper, or about the part of it that `body` is."""
    return _question(_fenced_paper(paper, text, body), body, task, lang)


def about_notes(paper: Paper, text: FullText, notes: str, task: Task, lang: Lang) -> str:
    """A question about a paper of which notes were taken."""
    fenced = f"{_fenced_paper(paper, text, '')}\n\n{prompts.fenced('notes', notes)}"
    return _question(fenced, notes, task, lang)


def of_reader(paper: Paper, text: FullText, body: str, asked: str) -> str:
    """A reader's question about a paper."""
    words = " ".join(strip_controls(asked).split())
    question = prompts.fenced("question", truncate(words, MOST_ASKED))
    return f"{_fenced_paper(paper, text, body)}\n\n{question}"


def corrected(task: Task, aspects: Sequence[Aspect], faults: Sequence[str]) -> str:
    """What was wrong with an answer, and of which aspects to write again."""
    lines = ("Some entries can't be used:", *(f"- {fault}" for fault in faults))
    if set(aspects) == set(aspects_of(task)):
        return "\n".join((*lines, "Write all of it again and right, in the same JSON form."))
    wanted = f"Write {', '.join(aspects)} again, all of it and right, in the same JSON form."
    return "\n".join((*lines, f"{wanted} What is not named here is kept: leave it out now."))


def again(faults: Sequence[str]) -> str:
    """What was wrong with a reply to a reader, and what to answer now."""
    lines = ["This can't be used. Answer the same question again in the same JSON form:"]
    return "\n".join((*lines, *(f"- {fault}" for fault in faults)))


def notes_for(task: Task, notes: Claims, text: FullText, most: int) -> str:
    """What a question needs of the notes, section by section, in at most so many characters."""
    wanted = (*aspects_of(task), *_NOTED.get(task, ()))
    places = {section.name: at for at, section in enumerate(text.sections)}
    noted = [(claim, aspect) for aspect in wanted for claim in notes.get(aspect, ())]
    noted.sort(key=lambda one: places.get(one[0].section or "", -1))
    lines = [(claim.section, _note(claim, aspect)) for claim, aspect in noted]
    share = min(1.0, most / (sum(len(line) for _, line in lines) or 1))
    return "\n".join(_by_section(_evenly(lines, share)))


def _question(fenced: str, body: str, task: Task, lang: Lang) -> str:
    asked = instructions(f"analysis_{task}", lang)
    terms = prompts.terms_in(body)[:_MOST_TERMS] if lang is Lang.ZH else []
    glossed = "".join(f"\n{term.en} = {term.zh}" for term in terms)
    return "\n\n".join(filter(None, (fenced, glossed and f"术语表：{glossed}", asked)))


def _fenced_paper(paper: Paper, text: FullText, body: str) -> str:
    head = f"Title: {readable(paper.title)}\n\n## Abstract\n\n{readable(text.abstract)}"
    return prompts.fenced("paper", f"{head}\n\n{body}".strip())


def _note(claim: Claim, aspect: Aspect) -> str:
    flow = f" ({claim.takes or '?'} → {claim.gives or '?'})" if claim.takes or claim.gives else ""
    table = f" [{claim.table}]" if claim.table else ""
    quote = f" “{readable(claim.quote)}”" if claim.quote else ""
    return f"- {aspect}: {claim.text}{flow}{table}{quote}"


def _evenly(lines: Sequence[Line], share: float) -> Iterator[Line]:
    """Of all lines such a share, from everywhere alike."""
    owed = 0.0
    for line in lines:
        owed += share
        if owed >= 1:
            owed -= 1
            yield line


def _by_section(lines: Iterable[Line]) -> Iterator[str]:
    last: str | None = ""
    for section, line in lines:
        if section != last:
            yield f"## {section or 'Abstract'}"
            last = section
        yield line
