"""Learns the weights by which the built-in engine chooses a TL;DR.

    python benchmarks/train_tldr.py scitldr-train.jsonl.xz
    python benchmarks/train_tldr.py scitldr-train.jsonl.xz --write jobs/tldr_weights.toml

The file is of the form that `tldr.py` reads. For each abstract the weights should rank what
may be its TL;DR as ROUGE-1 against people's does: a softmax over the choices is fitted to
`softmax(SHARPNESS · F)` by gradient descent with a quadratic penalty, which has one optimum.
Printed is the ROUGE-1 of five-fold cross-validation: the only figure by which features and
settings are to be chosen. Only then, and with `--write`, are the weights of all papers kept.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tldr import Example, Scorer, read

from formatters.text import readable
from jobs.extractive import TLDR_WORDS, sentences_of
from jobs.tldr_ranking import choices, features, setting_of

Vector = NDArray[np.float64]

SHARPNESS = 25.0
PENALTY = 3e-3
STEPS = 400
RATE = 0.05
FOLDS = 5
SEED = 5
LEAST = 0.005
"""A weight nearer to 0 is left out."""
HEAD = """\
# How much each property of a sentence makes it a TL;DR (see tldr_ranking.py).
# Learned by benchmarks/train_tldr.py from the {papers:,} abstracts of {file}
# and the TL;DRs people wrote of them; ROUGE-1 in five-fold cross-validation: {score:.1f}.

[weights]
"""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What may be one abstract's TL;DR: a row of features and a ROUGE-1 F for each."""

    found: Sequence[dict[str, float]]
    scores: Vector


def main() -> None:
    options = _options()
    score = Scorer()
    ballots = [ballot for example in read(options.file) if (ballot := _ballot(example, score))]
    names = sorted({name for ballot in ballots for row in ballot.found for name in row})
    tables = [_table(ballot, names) for ballot in ballots]
    validated = _validated(tables, ballots)
    print(f"{len(ballots):,} papers, {sum(len(b.scores) for b in ballots):,} choices")
    print(f"{len(names)} features")
    print(f"ROUGE-1 in validation {validated:.2f}, of the best choices {_highest(ballots):.2f}")
    if options.write:
        weights = dict(zip(names, _fitted(tables, ballots), strict=True))
        head = HEAD.format(papers=len(ballots), file=options.file.name, score=validated)
        options.write.write_text(head + "\n".join(_lines(weights)) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl.xz")
    parser.add_argument("--write", type=Path, metavar="WEIGHTS.toml")
    return parser.parse_args()


def _ballot(example: Example, score: Scorer) -> Ballot | None:
    told = sentences_of(" ".join(example.source))
    if not told:
        return None
    setting = setting_of(told, readable(example.title))
    open_to = choices(told, TLDR_WORDS)
    return Ballot(
        [dict(features(sentence, text, setting)) for sentence, text in open_to],
        np.array([score(example.targets, text)[0] for _, text in open_to]),
    )


def _table(ballot: Ballot, names: Sequence[str]) -> Vector:
    return np.array([[row.get(name, 0.0) for name in names] for row in ballot.found])


def _validated(tables: Sequence[Vector], ballots: Sequence[Ballot]) -> float:
    """Mean ROUGE-1 of what weights choose that have not seen the paper."""
    fold = np.random.default_rng(SEED).permutation(len(tables)) % FOLDS
    scores: list[float] = []
    for held_out in range(FOLDS):
        seen = np.flatnonzero(fold != held_out)
        weights = _fitted([tables[i] for i in seen], [ballots[i] for i in seen])
        unseen = np.flatnonzero(fold == held_out)
        scores.extend(ballots[i].scores[np.argmax(tables[i] @ weights)] for i in unseen)
    return float(np.mean(scores))


def _highest(ballots: Sequence[Ballot]) -> float:
    return float(np.mean([ballot.scores.max() for ballot in ballots]))


def _fitted(tables: Sequence[Vector], ballots: Sequence[Ballot]) -> Vector:
    """Adam on the cross-entropy of two softmaxes, each over one paper's choices."""
    table = np.concatenate(tables)
    starts = np.cumsum([0, *(len(rows) for rows in tables[:-1])])
    paper = np.repeat(np.arange(len(tables)), [len(rows) for rows in tables])

    def softmax(worth: Vector) -> Vector:
        raised = np.exp(worth - np.maximum.reduceat(worth, starts)[paper])
        return raised / np.add.reduceat(raised, starts)[paper]

    wanted = softmax(SHARPNESS / 100 * np.concatenate([ballot.scores for ballot in ballots]))
    weights, mean, spread = (np.zeros(table.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = table.T @ (softmax(table @ weights) - wanted) / len(tables) + PENALTY * weights
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return weights


def _lines(weights: dict[str, float]) -> Iterator[str]:
    """The weights as TOML, the heaviest first."""
    for name, weight in sorted(weights.items(), key=lambda item: -abs(item[1])):
        if abs(weight) >= LEAST:
            yield f'"{name}" = {weight:.2f}'


if __name__ == "__main__":
    main()
