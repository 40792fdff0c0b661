"""How often the built-in reader tells, under each aspect, what people marked as that.

    python benchmarks/outline.py aclsum_train.jsonl.xz aclsum_val.jsonl.xz

The files are of aclsum's form: the sentences of abstract, introduction and conclusion, and
for each whether people marked it as challenge, approach or outcome. Printed are, for each
aspect: the kind that it should be of, the papers in which it is told, the sentences told,
the share of these that people marked as that kind and as any kind, and the share of all
introductions' and conclusions' sentences that are marked as the kind (what chance would
give). People marked what their own summary of the paper needed, so that a sentence
without a mark may still be right. Last, the milliseconds that an outline takes.
"""

import argparse
import json
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import process_time

from jobs.outline import outline
from storage.models import (
    Analysis,
    Aspect,
    Claim,
    FullText,
    Lang,
    Origin,
    Paper,
    PaperId,
    Paragraph,
    Section,
)

KINDS: Mapping[Aspect, str] = {
    Aspect.NEED: "challenge",
    Aspect.SHORTCOMINGS: "challenge",
    Aspect.CORE: "approach",
    Aspect.STEPS: "approach",
    Aspect.CONTRIBUTIONS: "approach",
    Aspect.RESULTS: "outcome",
    Aspect.FINDINGS: "outcome",
}
PAPER = PaperId("2602.00001")
_BEFORE_MARK = re.compile(r"\s+(?=[.,;:?!)\]%])|(?<=[(\[])\s+|\s+(?=['’]s\b)")


@dataclass(frozen=True, slots=True)
class Marked:
    """A paper of which people marked the sentences."""

    title: str
    sections: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, frozenset[str]]
    """The kinds of each sentence."""

    @property
    def abstract(self) -> str:
        return " ".join(self.sections["abstract"])


def main() -> None:
    papers = [paper for file in _options().files for paper in _read(file)]
    started = process_time()
    outlines = [_outline(paper) for paper in papers]
    spent = process_time() - started
    columns = ("kind", "papers", "told", "marked so", "marked", "chance")
    print(f"{len(papers)} papers\n{'':<16}" + "".join(f"{name:>11}" for name in columns))
    for aspect, kind in KINDS.items():
        print(f"{aspect:<16}{kind:>11}" + "".join(_figures(aspect, kind, papers, outlines)))
    print(f"{1000 * spent / len(papers):.0f} ms a paper")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.jsonl.xz")
    return parser.parse_args()


def _read(file: Path) -> Iterator[Marked]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            sections = {
                name: tuple(_BEFORE_MARK.sub("", text) for text in texts)
                for name, texts in record["sentences"].items()
            }
            marks = {
                text: frozenset(
                    kind for kind, marked in record["highlights"].items() if marked[name][place]
                )
                for name, texts in sections.items()
                for place, text in enumerate(texts)
            }
            yield Marked(record["title"] or "", sections, marks)


def _outline(marked: Marked) -> Analysis:
    paper = Paper(PAPER, 1, marked.title, marked.abstract, (), "cs.CL", ())
    sections = tuple(
        Section(name.capitalize(), str(number), 1, (Paragraph(" ".join(texts)),))
        for number, (name, texts) in enumerate(marked.sections.items())
        if name != "abstract"
    )
    text = FullText(PAPER, 1, Origin.PDF, sections, marked.abstract)
    return outline(paper, text, Lang.EN)


def _figures(
    aspect: Aspect, kind: str, papers: Sequence[Marked], outlines: Sequence[Analysis]
) -> Iterator[str]:
    told = [
        _marks(claim, paper)
        for paper, made in zip(papers, outlines, strict=True)
        for claim in made.claims.get(aspect, ())
    ]
    every = [
        paper.marks[text]
        for paper in papers
        for name, texts in paper.sections.items()
        for text in texts
        if name != "abstract"
    ]
    yield f"{sum(aspect in made.claims for made in outlines):>11}{len(told):>11}"
    for share in (
        fmean(kind in kinds for kinds in told),
        fmean(bool(kinds) for kinds in told),
        fmean(kind in kinds for kinds in every),
    ):
        yield f"{share:>11.0%}"


def _marks(claim: Claim, paper: Marked) -> frozenset[str]:
    """The kinds of the sentences that a claim quotes, wholly or in part."""
    quote = claim.quote or ""
    sources = (kinds for text, kinds in paper.marks.items() if quote in text or text in quote)
    return frozenset().union(*sources)


if __name__ == "__main__":
    main()
