"""The text that a model was given, read once for everything that is compared with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from formatters.text import readable
from jobs.chinese import has_han
from jobs.verify import latin
from jobs.verify.contests import Contest, contests
from jobs.verify.denials import Statement, statements
from jobs.verify.quantities import PERCENT, Quantity, Stated, claimed, plain, stated
from jobs.verify.senses import Sense, senses
from jobs.verify.stems import content

_BEHIND = 60
_FORMS = 5
"""Words of which a run is compared when a copy is looked for."""
_SMALL = "a an and as at by for from in into is of on or the to via vs with without"
_RESULTS = {PERCENT, "percentage-points", "points", "times"}
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Source:
    """A paper's title and the text beside it: the abstract, the full text, or summaries.

    What is derived from it is derived once; make one for all fields of a paper.
    """

    title: str
    text: str
    authors: Sequence[str] = ()

    @cached_property
    def plain_title(self) -> str:
        """The title free of TeX."""
        return readable(self.title)

    @cached_property
    def plain(self) -> str:
        """The text free of TeX."""
        return readable(self.text)

    @cached_property
    def whole(self) -> str:
        """Title, text and authors."""
        return " \n ".join((self.plain_title, self.plain, *map(readable, self.authors)))

    @cached_property
    def folded(self) -> str:
        """Everything, without case, links as they were typed included."""
        return f"{self.whole}\n{self.title}\n{self.text}".casefold()

    @cached_property
    def chinese(self) -> bool:
        """Whether the paper itself is written in Chinese."""
        return has_han(self.plain)

    @cached_property
    def atoms(self) -> str:
        """Letters and numbers of everything; TeX's own included, where names are set in it."""
        return latin.atoms(f"{self.whole} {self.text}")

    @cached_property
    def atom_set(self) -> frozenset[str]:
        """The atoms as words."""
        return frozenset(self.atoms.split())

    @cached_property
    def initials(self) -> str:
        """First letters of all words, and behind them those of all but the small words."""
        words, small = self.atoms.split(), frozenset(_SMALL.split())
        loud = (word for word in words if word not in small)
        return f"{''.join(w[0] for w in words)} {''.join(w[0] for w in loud)}"

    @cached_property
    def stated(self) -> Stated:
        """The quantities it gives."""
        return stated(self.whole)

    @cached_property
    def counts(self) -> tuple[tuple[Quantity, str], ...]:
        """Plain counts, each with the words behind it."""
        text = plain(self.whole)
        return tuple(
            (quantity, text[quantity.end : quantity.end + _BEHIND])
            for quantity in claimed(text)
            if quantity.unit is None
        )

    @cached_property
    def results(self) -> bool:
        """Whether its text gives results in digits: percentages, points, multiples."""
        found = claimed(plain(self.plain))
        return any(quantity.unit in _RESULTS and not quantity.word for quantity in found)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The text's words, folded."""
        return tuple(_LETTERS.findall(self.plain.casefold()))

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it speaks of."""
        return content(self.whole)

    @cached_property
    def senses(self) -> tuple[Sense, ...]:
        """What it says gets better or worse, grows or shrinks."""
        return tuple(senses(self.plain))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What it says is so and what it says is not."""
        return (*statements(self.plain_title), *statements(self.plain))

    @cached_property
    def coined(self) -> frozenset[str]:
        """The atoms of the name before the colon of the title, if it is made up."""
        head = self.plain_title.partition(":")[0]
        return frozenset({latin.atoms(head).strip()}) if latin.is_name(head) else frozenset()

    @cached_property
    def contests(self) -> tuple[Contest, ...]:
        """Who beats whom in it."""
        return tuple(contests(self.plain))

    @cached_property
    def runs(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """Where each run of five words begins."""
        found: dict[tuple[str, ...], tuple[int, ...]] = {}
        for at in range(len(self.words) - _FORMS + 1):
            run = self.words[at : at + _FORMS]
            found[run] = (*found.get(run, ()), at)
        return found
