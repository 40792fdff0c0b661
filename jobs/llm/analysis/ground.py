"""What a claim about a paper is held to: its texts, its sections, its words. Pure.

Made once for all the answers about a paper; it takes a moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from formatters.text import readable
from jobs.llm.analysis.layout import Part, laid_out
from jobs.llm.analysis.places import Places
from jobs.llm.analysis.quoting import Quotable, Quote
from jobs.llm.belonging import Content, said_by
from jobs.outline.reading import statements
from jobs.outline.roles import Role
from jobs.verify import Field, Source, Verdict, check
from storage.models import FullText, Lang, Paper

_COMPARABLE = 0.5
"""So much of a Chinese claim without a quotation must have a known English; the rest is taken on
trust."""
_ENOUGH = 0.5
"""So much of a claim its section must say where no quotation does."""
_SOMETHING = 0.25
"""So much of a claim the passage must say whose words are quoted for it."""
_NEARLY_ALL = 0.7
"""So much of it another section must say, and of a limitation one sentence of the authors."""
_OWN_LIMITS = (Role.LIMITS, Role.CONCLUSION, Role.RESULTS)


@dataclass(frozen=True)
class Ground:
    """A paper, read once for everything that is compared with it."""

    paper: Paper
    text: FullText
    lang: Lang

    def prepare(self) -> None:
        """Lay it out and read it now, for that takes a while."""
        _ = self.whole, self.source.stems, self.source.stated, self.source.statements

    @cached_property
    def whole(self) -> Part:
        """Everything as a model may see it."""
        return laid_out(self.text, max(1, self.text.characters))

    @cached_property
    def source(self) -> Source:
        """For the checks on texts: everything that was read."""
        said = f"{readable(self.text.abstract)}\n{self.whole.text}"
        return Source(self.paper.title, said, self.paper.authors)

    @cached_property
    def places(self) -> Places:
        """The names of its sections and tables."""
        return Places(self.text)

    @cached_property
    def _quotable(self) -> Quotable:
        return Quotable(self.text)

    @cached_property
    def _said_in(self) -> dict[str, Content]:
        """What each section says, its heading included; the abstract under ""."""
        words: dict[str, list[str]] = {"": [readable(self.text.abstract)]}
        for piece in self.whole.pieces:
            section = self.text.sections[piece.section]
            words.setdefault(section.name, [piece.heading]).append(piece.text)
        return {name: Content.of_text("\n".join(said)) for name, said in words.items()}

    @cached_property
    def _own_limits(self) -> tuple[tuple[str, Content], ...]:
        """The sentences in which authors tell their limits, each with its section."""
        return tuple(self._limits())

    def check(self, raw: str, field: Field) -> Verdict:
        """A text held to the whole paper."""
        return check(" ".join(raw.split()), field, self.source)

    def quote(self, said: str, section: str | None, text: str) -> Quote | None:
        """As Quotable.find; None, too, where the words stand in a passage on something else."""
        quote = self._quotable.find(said, section)
        if quote is None:
            return None
        share = said_by(Content.of_text(readable(quote.passage)), text)
        return quote if share is None or share >= _SOMETHING else None

    def bearer(self, text: str, section: str) -> str | None:
        """The section whose words say what a claim says: that one, else the one that says most.

        The abstract is called "". None: no section says it.
        """
        shares = {name: self._share(said, text) for name, said in self._said_in.items()}
        best = max(shares, key=lambda name: shares[name])
        if shares.get(section, 0.0) >= _ENOUGH:
            return section
        return best if shares[best] >= _NEARLY_ALL else None

    def limit_stated_in(self, text: str) -> str | None:
        """The section in which one sentence of the authors says such a limit."""
        found = ((self._share(content, text), section) for section, content in self._own_limits)
        share, section = max(found, default=(0.0, ""))
        return section if share >= _NEARLY_ALL else None

    def _share(self, content: Content, text: str) -> float:
        return said_by(content, text, least=_COMPARABLE) or 0.0

    def _limits(self) -> Iterator[tuple[str, Content]]:
        for one in statements(self.text, ""):
            if one.role in _OWN_LIMITS and one.section:
                yield one.section, Content.of_text(one.text)
