"""The outline itself: each aspect's claims, and what else an analysis holds.

Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from formatters.text import readable
from formatters.text.links import addresses, code_links, project_links
from jobs import extractive, tldr_ranking
from jobs.outline.claims import choose, claim_of, once
from jobs.outline.contributions import contributions
from jobs.outline.cues import cues
from jobs.outline.method import by_headings, steps
from jobs.outline.reading import Statement, statements
from jobs.outline.roles import Role
from jobs.outline.tables import main_tables
from jobs.tldr_claims import words_of
from storage.models import Analysis, Aspect, Claim, Coverage, FullText, Lang, Paper

_MOST_ABSTRACT = 4_000
"""Characters; arXiv takes no abstract that is half as long."""
_MOST_LINKS = 40
_OF_PAPERS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:doi\.org|arxiv\.org|aclweb\.org|aclanthology\.org|openreview\.net"
    r"|semanticscholar\.org|jmlr\.org|mlr\.press|neurips\.cc|thecvf\.com|acm\.org|ieee\.org|springer\.com)(?:/|\Z)"
)
"""Where papers are: what is cited, not what comes with this one."""


def outline(paper: Paper, text: FullText, lang: Lang) -> Analysis:
    """What the paper clearly says of itself; `lang` is recorded, nothing is translated."""
    abstract = (text.abstract or paper.abstract)[:_MOST_ABSTRACT]
    sayings = statements(text, abstract)
    claims = {
        **_summed_up(paper, abstract, sayings, lang),
        **_of_the_body(text, sayings),
        **_by_cues(sayings),
    }
    return Analysis(
        paper=text.paper,
        version=text.version,
        lang=lang,
        engine=extractive.ENGINE,
        coverage=Coverage.of(replace(text, abstract=abstract)),
        claims=once(claims),
        tables=main_tables(text.sections),
        links=_links(paper, text, sayings),
        hidden=text.hidden,
    )


def _summed_up(
    paper: Paper, abstract: str, sayings: Sequence[Statement], lang: Lang
) -> dict[Aspect, tuple[Claim, ...]]:
    """What the abstract gives, as the engine of the summaries reads it."""
    whole = readable(abstract)
    if not whole:
        return {Aspect.CORE: _core_without_abstract(paper, sayings)}
    own = [s for s in sayings if s.role is Role.ABSTRACT]
    summary = extractive.summarize(replace(paper, abstract=abstract), lang)
    return {
        Aspect.CORE: tuple(_quoted(tldr, own) for tldr in (summary.tldr,) if tldr),
        Aspect.ABSTRACT: (Claim(whole),),
        Aspect.FINDINGS: tuple(_quoted(finding, own) for finding in summary.findings),
    }


def _quoted(text: str, sayings: Sequence[Statement]) -> Claim:
    """A claim with the sentence that its words were taken from."""
    words = words_of(text)
    shared = ((len(words & words_of(s.text)), -s.place, s) for s in sayings)
    source = max(shared, default=None)
    return Claim(text, source[2].section, source[2].quote) if source else Claim(text)


def _core_without_abstract(paper: Paper, sayings: Sequence[Statement]) -> tuple[Claim, ...]:
    told = [s for s in sayings if s.role is Role.INTRODUCTION and s.alone]
    if not told:
        return ()
    best, text = tldr_ranking.best(
        [s.said for s in told], readable(paper.title), extractive.TLDR_WORDS
    )
    source = next(s for s in told if s.said is best)
    return (Claim(text, source.section, source.quote),)


def _of_the_body(text: FullText, sayings: Sequence[Statement]) -> dict[Aspect, tuple[Claim, ...]]:
    if not text.sections:
        return {}
    return {
        Aspect.STEPS: steps(text.sections, sayings),
        Aspect.METHOD: by_headings(text.sections, sayings),
        Aspect.CONTRIBUTIONS: contributions(sayings),
    }


def _by_cues(sayings: Sequence[Statement]) -> dict[Aspect, tuple[Claim, ...]]:
    """What the body says of each aspect; of what it doesn't, the abstract. Nothing twice."""
    body = [s for s in sayings if s.role is not Role.ABSTRACT]
    abstract = [s for s in sayings if s.role is Role.ABSTRACT]
    told: set[int] = set()
    claims: dict[Aspect, tuple[Claim, ...]] = {}
    for aspect, cue in cues().items():
        chosen = choose(cue, body, told) or choose(cue, abstract, told)
        told |= {s.place for s in chosen}
        claims[aspect] = tuple(claim_of(s, table=aspect is Aspect.RESULTS) for s in chosen)
    return claims


def _links(paper: Paper, text: FullText, sayings: Sequence[Statement]) -> tuple[str, ...]:
    """Every link once: code first, then the project's pages; what the authors call theirs leads."""
    named = (paper.comment or "", *(s.quote for s in sayings if s.said.shares), *text.links)
    first = (*code_links(*named), *project_links(*named))
    others = (link for link in text.links if not _OF_PAPERS.match(link))
    return addresses("\n".join((*first, *others)))[:_MOST_LINKS]
