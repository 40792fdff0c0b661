"""How many calls and tokens of a language model a morning costs, and what caches can serve.

    PYTHONPATH=tests python benchmarks/model_calls.py
    PYTHONPATH=tests python benchmarks/model_calls.py --sweep

200 invented papers are announced to 300 chats on 20 topics, every other chat Chinese; each
follows one to three topics, the popular ones most. The morning is made as the service makes
it, against a loopback model server whose answers are good. Counted there are the requests by
kind, their characters and tokens (estimated: 4 characters a token, Chinese 1.5). `constant` is
the share of the input with which a request begins just as the one before of its kind did: the
form of the answer and the instructions, which providers' caches can serve; `the rest` they
can't. Beside it stands one call for each paper of each chat: the same instructions, that paper,
and its part of the same answer, without overviews.

Then the app is opened anew and serves as many other chats with the same subscriptions: all
of it has been said, so nothing may be asked. `--sweep` tells how the calls grow with the
chats. Exits with 1 when anything was asked again, corrected, not summarized by the model, or begun
other than the one before.
"""

import argparse
import asyncio
import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from os.path import commonprefix
from statistics import fmean

import structlog
from model_morning import Call, Kind, Morning, morning_of
from model_papers import SUBJECTS, Invented, invented, summaries
from stage import SEED

from jobs.llm import prompts
from storage.models import Lang

PAPERS, CHATS = 200, 300
SWEEP = (75, 150, 300, 600, 1_200)
A_TOKEN, A_CHINESE_TOKEN = 4, 1.5
"""Characters."""
FEWEST_CACHED = 1_024
"""Tokens: a shorter beginning is in no cache of OpenAI's."""
HEADINGS = ("calls", "chars in", "tokens in", "constant", "the rest", "chars out", "tokens out")
_CHINESE = re.compile("[\u2e80-\uffef]")


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls cost."""

    calls: int
    read: int
    """Characters."""
    tokens_in: float
    constant: float
    """Of the tokens in."""
    written: int
    """Characters."""
    tokens_out: float

    @property
    def rest(self) -> float:
        """Tokens in that no cache can serve."""
        return self.tokens_in - self.constant

    @classmethod
    def of(cls, calls: Sequence[Call]) -> "Cost":
        """In the order in which they were made."""
        return cls(
            calls=len(calls),
            read=sum(len(call.asked) for call in calls),
            tokens_in=sum(tokens(call.asked) for call in calls),
            constant=sum(map(tokens, _constant(calls))),
            written=sum(len(call.answer) for call in calls),
            tokens_out=sum(tokens(call.answer) for call in calls),
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    papers = invented(PAPERS, SEED)
    if options.sweep:
        return _sweep(papers)
    morning = asyncio.run(morning_of(options.chats, papers))
    _print(morning, papers)
    return 0 if morning.faultless else 1


def tokens(text: str) -> float:
    """About how many tokens a text has."""
    chinese = len(_CHINESE.findall(text))
    return chinese / A_CHINESE_TOKEN + (len(text) - chinese) / A_TOKEN


def one_each(morning: Morning, papers: Mapping[str, Invented]) -> list[Call]:
    """One call for each paper that a chat is shown."""
    openings = {c.lang: c.opening for c in morning.calls if c.kind is Kind.SUMMARIES}
    by_id = {one.paper.id: one for one in papers.values()}
    return [
        Call(
            Kind.SUMMARIES,
            shown.lang,
            openings[shown.lang],
            prompts.question({1: by_id[paper].paper}, shown.lang),
            json.dumps(summaries({1: by_id[paper]}, shown.lang), ensure_ascii=False),
        )
        for shown in morning.shown
        for paper in shown.papers
    ]


def _constant(calls: Iterable[Call]) -> Iterator[str]:
    """What each call's opening has in common with that of the one before of its kind."""
    before: dict[tuple[Kind, Lang], str] = {}
    for call in calls:
        kind = (call.kind, call.lang)
        if kind in before:
            yield commonprefix([before[kind], call.opening])  # noqa: RUF071 -- of characters
        before[kind] = call.opening


def _print(morning: Morning, papers: Mapping[str, Invented]) -> None:
    _print_scale(morning, papers)
    _print_table(morning, papers)
    for kind, lang, opening in sorted({(c.kind, c.lang, c.opening) for c in morning.calls}):
        length = tokens(opening)
        short = "" if length >= FEWEST_CACHED else f", too few for caches from {FEWEST_CACHED:,} on"
        print(f"{kind} {lang} always begin with the same {length:,.0f} tokens{short}")
    print(f"after a restart, {len(morning.shown_again)} other chats: {morning.asked_again} calls")
    print(
        f"all summaries by the model, at once and only once: {'yes' if morning.faultless else 'NO'}"
    )


def _print_scale(morning: Morning, papers: Mapping[str, Invented]) -> None:
    abstract = fmean(len(one.paper.abstract) for one in papers.values())
    pairs = sum(len(shown.papers) for shown in morning.shown)
    print(f"{len(papers)} new papers, abstracts of {abstract:,.0f} characters on the average;")
    print(f"{len(morning.shown)} chats on {len(SUBJECTS)} topics are shown {pairs:,} papers in all")
    for lang in Lang:
        of_lang = [shown for shown in morning.shown if shown.lang is lang]
        once = {paper for shown in of_lang for paper in shown.papers}
        written = sum(
            len(json.loads(call.answer)["papers"])
            for call in morning.calls
            if (call.kind, call.lang) == (Kind.SUMMARIES, lang)
        )
        print(f"  {lang}: {len(of_lang)} chats, {len(once)} different papers, {written} summaries")


def _print_table(morning: Morning, papers: Mapping[str, Invented]) -> None:
    print("\n" + _line("", *HEADINGS))
    for kind, lang in product(Kind, Lang):
        of_kind = [call for call in morning.calls if (call.kind, call.lang) == (kind, lang)]
        print(_line(f"{kind} {lang}", *_cells(Cost.of(of_kind))))
    print(_line("together", *_cells(Cost.of(morning.calls))))
    if morning.faultless:
        _print_beside(morning, papers)
    print()


def _print_beside(morning: Morning, papers: Mapping[str, Invented]) -> None:
    """Needs a summary of everything, so that both say the same."""
    of_papers = Cost.of([call for call in morning.calls if call.kind is Kind.SUMMARIES])
    each = Cost.of(one_each(morning, papers))
    print(_line("one a paper and chat", *_cells(each)))
    print(_line("  times the summaries", *_times(each, of_papers)))
    print(_line("  times all together", *_times(each, Cost.of(morning.calls))))


def _cells(cost: Cost) -> Iterator[str]:
    yield f"{cost.calls:,}"
    yield f"{cost.read:,}"
    yield f"{cost.tokens_in:,.0f}"
    yield f"{cost.constant / cost.tokens_in:.0%}" if cost.calls else ""
    yield f"{cost.rest:,.0f}"
    yield f"{cost.written:,}"
    yield f"{cost.tokens_out:,.0f}"


def _times(more: Cost, less: Cost) -> Iterator[str]:
    """How many times as much of everything one costs as the other."""
    yield f"{more.calls / less.calls:.1f}"
    yield f"{more.read / less.read:.1f}"
    yield f"{more.tokens_in / less.tokens_in:.1f}"
    yield ""
    yield f"{more.rest / less.rest:.1f}"
    yield f"{more.written / less.written:.1f}"
    yield f"{more.tokens_out / less.tokens_out:.1f}"


def _sweep(papers: Mapping[str, Invented]) -> int:
    headings = ("shown", "papers", "summaries", "overviews", "paper sets", "topic sets")
    print(_line("chats", *headings))
    faultless = True
    for count in SWEEP:
        morning = asyncio.run(morning_of(count, papers))
        shown, faultless = morning.shown, faultless and morning.faultless
        figures = (
            sum(len(one.papers) for one in shown),
            len({(one.lang, paper) for one in shown for paper in one.papers}),
            sum(call.kind is Kind.SUMMARIES for call in morning.calls),
            sum(call.kind is Kind.OVERVIEW for call in morning.calls),
            len({(one.lang, frozenset(one.papers)) for one in shown}),
            len({(one.lang, frozenset(one.topics)) for one in shown}),
        )
        print(_line(f"{count:,}", *(f"{figure:,}" for figure in figures)), flush=True)
    return 0 if faultless else 1


def _line(first: str, *cells: str) -> str:
    return f"{first:<24}" + "".join(f"{cell:>12}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
