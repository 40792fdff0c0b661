"""How near the built-in engine's key findings come to what people marked.

    python benchmarks/findings.py aclsum_train.jsonl.xz aclsum_val.jsonl.xz

The files are of aclsum's form: `sentences` and `highlights` by section, and for each sentence
of the abstract whether people marked it as challenge, approach or outcome. What the engine
shows (the TL;DR and the findings under it) should be the approach and the outcome, and not
the challenge. Printed are the precision, recall and F1 of the sentences shown (sums over all
papers), how much of each kind is shown, and the ROUGE-1 F of the findings alone against the
outcome as people wrote it; also of the abstract's last three sentences, and of all of it.
"""

import argparse
import json
import lzma
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tldr import Scorer

from jobs.extractive import summarize
from storage.models import Lang, Paper, PaperId

KINDS = ("challenge", "approach", "outcome")
WANTED = frozenset({"approach", "outcome"})
_BEFORE_MARK = re.compile(r"\s+(?=[.,;:?!)\]%])|(?<=[(\[])\s+|\s+(?=['’]s\b)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Marked:
    """An abstract of which people marked the sentences."""

    title: str
    sentences: tuple[str, ...]
    marks: tuple[frozenset[str], ...]
    """Of `KINDS`, for each sentence."""
    outcome: str
    """In people's own words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The places of the sentences shown, and the findings' text."""

    places: frozenset[int]
    findings: str


def main() -> None:
    papers = [paper for file in _options().files for paper in _read(file)]
    ways: dict[str, Callable[[Marked], Shown]] = {
        "built-in": _built_in,
        "last three sentences": lambda paper: _taken(paper, len(paper.sentences) - 3),
        "whole abstract": lambda paper: _taken(paper, 0),
    }
    score = Scorer()
    columns = ("P", "R", "F1", *KINDS, "R-1", "shown")
    print(f"{len(papers)} papers\n{'%':<24}" + "".join(f"{name:>10}" for name in columns))
    for name, way in ways.items():
        figures = _figures(papers, [way(paper) for paper in papers], score)
        print(f"{name:<24}" + "".join(f"{figure:>10.1f}" for figure in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.jsonl.xz")
    return parser.parse_args()


def _read(file: Path) -> Iterator[Marked]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            marks = [record["highlights"][kind]["abstract"] for kind in KINDS]
            yield Marked(
                record["title"] or "",
                tuple(_BEFORE_MARK.sub("", text) for text in record["sentences"]["abstract"]),
                tuple(
                    frozenset(kind for kind, marked in zip(KINDS, row, strict=True) if marked)
                    for row in zip(*marks, strict=True)
                ),
                record["summary"]["outcome"],
            )


def _built_in(marked: Marked) -> Shown:
    text = " ".join(marked.sentences)
    made = summarize(Paper(PaperId("2602.00001"), 1, marked.title, text, (), "cs.CL", ()), Lang.EN)
    quoted = (made.tldr, *made.findings)
    return Shown(
        frozenset(_place(text, marked.sentences) for text in quoted), " ".join(made.findings)
    )


def _place(quoted: str, sentences: Sequence[str]) -> int:
    """The sentence that the quotation is taken from: the one that has most of its words."""
    words = set(_WORD.findall(quoted.casefold()))
    shared = [len(words & set(_WORD.findall(text.casefold()))) for text in sentences]
    return shared.index(max(shared))


def _taken(marked: Marked, start: int) -> Shown:
    places = range(max(0, start), len(marked.sentences))
    return Shown(frozenset(places), " ".join(marked.sentences[place] for place in places))


def _figures(papers: Sequence[Marked], shown: Sequence[Shown], score: Scorer) -> Iterator[float]:
    """Precision, recall, F1, the share shown of each kind, ROUGE-1, sentences a paper."""
    found = [
        (marks, place in said.places)
        for paper, said in zip(papers, shown, strict=True)
        for place, marks in enumerate(paper.marks)
    ]
    right = sum(bool(marks & WANTED) for marks, is_shown in found if is_shown)
    precision = right / sum(is_shown for _, is_shown in found)
    recall = right / sum(bool(marks & WANTED) for marks, _ in found)
    yield from (100 * precision, 100 * recall, 200 * precision * recall / (precision + recall))
    for kind in KINDS:
        yield 100 * fmean(is_shown for marks, is_shown in found if kind in marks)
    yield fmean(
        score([paper.outcome], said.findings)[0] for paper, said in zip(papers, shown, strict=True)
    )
    yield fmean(len(said.places) for said in shown)


if __name__ == "__main__":
    main()
