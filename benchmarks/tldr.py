"""How near the built-in engine's TL;DRs come to people's.

    python benchmarks/tldr.py scitldr.jsonl.xz

Each line of the file (plain, or compressed as .xz, .gz, .bz2) is a paper in SciTLDR's form:
`source`, the abstract as a list of sentences or as one text; `target`, one reference TL;DR or
several; `title`, where known. Printed are ROUGE-1, ROUGE-2 and ROUGE-L F (with stemmer, the
best of the references, mean over papers) of the engine, of the abstract's first sentence, and
of the one sentence of each abstract that scores best: what choosing alone could reach.
"""

import argparse
import bz2
import gzip
import json
import lzma
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from gauges import percentile
from rouge_score.rouge_scorer import RougeScorer

from formatters.text import sentences
from jobs.extractive import TLDR_WORDS, summarize
from jobs.shortening import length
from storage.models import Lang, Paper, PaperId

MEASURES = ("rouge1", "rouge2", "rougeL")
_OPENERS = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}


@dataclass(frozen=True, slots=True)
class Example:
    """An abstract in sentences, and what people made of it."""

    title: str
    source: tuple[str, ...]
    targets: tuple[str, ...]

    def paper(self) -> Paper:
        """As the engine takes it."""
        return Paper(PaperId("2602.00001"), 1, self.title, " ".join(self.source), (), "", ())


class Scorer:
    """ROUGE F of a text, the best of several references, from 0 to 100."""

    def __init__(self) -> None:
        self._rouge = RougeScorer(MEASURES, use_stemmer=True)

    def __call__(self, targets: Sequence[str], said: str) -> tuple[float, ...]:
        """One figure for each of `MEASURES`."""
        found = [self._rouge.score(target, said) for target in targets]
        return tuple(100 * max(one[name].fmeasure for one in found) for name in MEASURES)


def main() -> None:
    examples = list(read(_options().file))
    if not examples:
        raise SystemExit("no paper with a source and a target in this file")
    times, said = [], []
    for example in examples:
        paper = example.paper()
        started = time.thread_time()
        said.append(summarize(paper, Lang.EN).tldr)
        times.append(time.thread_time() - started)
    _print(examples, said)
    mean, longest = 1e3 * fmean(times), 1e3 * percentile(times, 0.99)
    print(f"ms of CPU per paper: mean {mean:.2f}, p99 {longest:.2f}")


def read(file: Path) -> Iterator[Example]:
    """The papers of a file that have an abstract and a reference."""
    with _OPENERS.get(file.suffix, open)(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            record = json.loads(line)
            source, targets = _texts(record.get("source")), _texts(record.get("target"))
            if len(source) == 1:
                source = tuple(sentences(source[0]))
            if source and targets:
                yield Example(str(record.get("title") or ""), source, targets)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl.xz")
    return parser.parse_args()


def _texts(value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value or []
    return tuple(text.strip() for text in found if text.strip())


def _print(examples: Sequence[Example], said: Sequence[str]) -> None:
    score = Scorer()
    rows: dict[str, list[tuple[float, ...]]] = {"built-in": [], "first sentence": [], "oracle": []}
    for example, tldr in zip(examples, said, strict=True):
        single = [score(example.targets, sentence) for sentence in example.source]
        rows["built-in"].append(score(example.targets, tldr))
        rows["first sentence"].append(single[0])
        rows["oracle"].append(max(single))
    print(f"{len(examples):,} papers\n{'F':<24}" + "".join(f"{name:>10}" for name in MEASURES))
    for name, scores in rows.items():
        means = (fmean(column) for column in zip(*scores, strict=True))
        print(f"{name:<24}" + "".join(f"{mean:>10.1f}" for mean in means))
    counts = [length(tldr) for tldr in said]
    longest = max(counts)
    print(f"\nTL;DR in words: mean {fmean(counts):.1f}, longest {longest:.0f} of {TLDR_WORDS}")


if __name__ == "__main__":
    main()
