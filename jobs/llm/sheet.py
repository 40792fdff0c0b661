"""The papers of one call and what is good so far of the answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.llm import forms, prompts
from jobs.llm.judging import Answer, Draft, judged, unanswered
from storage.models import Lang, Paper, Summary


@dataclass(slots=True)
class Sheet:
    """The papers of one call and what is good so far of the answers."""

    drafts: dict[int, Draft]
    judged: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, papers: Sequence[Paper], lang: Lang) -> "Sheet":
        """Numbered from 1: models confuse longer names."""
        return cls({number: Draft.of(paper, lang) for number, paper in enumerate(papers, 1)})

    def accept(self, answer: forms.Papers) -> str | None:
        """Keep what is good; returns what is to be told of the rest, None when all is."""
        said = {one.number: one for one in answer.papers}
        for number, draft in self.drafts.items():
            if not draft.missing:
                continue
            one = said.get(number)
            if one is None:
                self.drafts[number] = unanswered(draft)
                continue
            self.judged.add(number)
            title = one.title if isinstance(one, forms.PaperZh) else None
            self.drafts[number] = judged(draft, Answer(one.tldr, one.findings, title))
        faults = {n: draft.faults for n, draft in self.drafts.items() if draft.missing}
        return prompts.again(faults) if faults else None

    @property
    def without_verdict(self) -> list[Paper]:
        """Papers of which no answer was read."""
        return [draft.paper for n, draft in self.drafts.items() if n not in self.judged]

    def summaries(self, engine: str) -> list[Summary]:
        """What can be shown."""
        found = (draft.summary(engine) for draft in self.drafts.values())
        return [summary for summary in found if summary is not None]
