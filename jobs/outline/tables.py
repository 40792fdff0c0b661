"""Which tables hold a paper's main results.

Pure. Told by where they stand, what their captions say and how many of their cells are numbers.
"""

import re
from collections.abc import Sequence

from jobs.outline.roles import Role, roles_of
from storage.models import Section, Table

MOST = 3
MOST_CHARACTERS = 6_000
"""Of a table; what is larger can't be read in a report."""
_LEAST_WORTH = 2.5
_RESULTS = re.compile(
    r"\b(?:results?|compar\w+|performance|outperform\w*|accuracy|scores?|main|state-of-the-art"
    r"|BLEU|F1|evaluation|better|best|test set|win rate|error)\b",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"\b(?:ablation\w*|variations?|hyper-?param\w*|statistics|notations?|examples?|distributions?"
    r"|settings?|prompts?|symbols?|complexity|counts|breakdown|details|split|search)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,]*\d")
_RULE = re.compile(r"[\s|:-]+")


def main_tables(sections: Sequence[Section]) -> tuple[Table, ...]:
    """At most three, in the paper's order; those that are too large are left out."""
    found = [
        (_worth(passage, role, appendix=section.appendix), passage)
        for section, role in zip(sections, roles_of(sections), strict=True)
        for passage in section.passages
        if isinstance(passage, Table) and len(passage.markdown) <= MOST_CHARACTERS
    ]
    worthy = [(worth, at) for at, (worth, _) in enumerate(found) if worth >= _LEAST_WORTH]
    best = sorted(worthy, key=lambda one: (-one[0], one[1]))[:MOST]
    return tuple(found[at][1] for at in sorted(at for _, at in best))


def _worth(table: Table, role: Role, *, appendix: bool) -> float:
    numbers = _share_of_numbers(table.markdown)
    if not numbers:
        return 0.0
    worth = {Role.RESULTS: 1.5, Role.SETUP: 0.3, Role.METHOD: 0.4}.get(role, 0.0)
    worth += 1.2 * bool(_RESULTS.search(table.caption)) - 1.5 * bool(_MINOR.search(table.caption))
    return worth + min(1.0, 2 * numbers) - 1.5 * appendix


def _share_of_numbers(markdown: str) -> float:
    """How many of the cells that say something hold a number, of 1."""
    rows = [row for row in markdown.splitlines() if not _RULE.fullmatch(row)]
    cells = [cell for row in rows for cell in row.split("|") if cell.strip()]
    return sum(1 for cell in cells if _NUMBER.search(cell)) / len(cells) if cells else 0.0
