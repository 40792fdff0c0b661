"""An analysis chapter by chapter, in the order in which it is read; what is empty is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.analysis.claims import claim_line, foreign, said
from formatters.compose.analysis.tables import grid
from formatters.compose.analysis.words import ChapterName
from formatters.compose.cards import BUILT_IN, Frame
from formatters.document import Block, Bullets, Document, Heading, Inline, Span, Text, plain
from formatters.text.addresses import web_address
from formatters.text.links import code_links
from storage.models import Analysis, Aspect, Claim, Lang, Paper

_ASPECTS: Mapping[ChapterName, tuple[Aspect, ...]] = {
    ChapterName.CORE: (Aspect.CORE, Aspect.STEPS),
    ChapterName.ABSTRACT: (Aspect.ABSTRACT,),
    ChapterName.MOTIVATION: (Aspect.NEED, Aspect.SHORTCOMINGS, Aspect.HYPOTHESIS),
    ChapterName.METHOD: (Aspect.METHOD, Aspect.STRUCTURE, Aspect.TRAINING),
    ChapterName.COMPARISON: (Aspect.DIFFERENCE, Aspect.CONTRIBUTIONS, Aspect.USE),
    ChapterName.EXPERIMENTS: (
        Aspect.DATA_SETS,
        Aspect.BASELINES,
        Aspect.METRICS,
        Aspect.RESULTS,
    ),
    ChapterName.PRACTICE: (Aspect.HYPERPARAMETERS, Aspect.HARDWARE, Aspect.PITFALLS),
    ChapterName.LIMITS: (Aspect.STATED_LIMITS, Aspect.INFERRED_LIMITS),
    ChapterName.FINDINGS: (Aspect.FINDINGS,),
}
_NAMED_BY_CHAPTER = (Aspect.CORE, Aspect.ABSTRACT, Aspect.METHOD, Aspect.FINDINGS)
_FLOWING = (Aspect.CORE, Aspect.ABSTRACT)
_NUMBERED = (Aspect.STEPS, Aspect.METHOD)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter, without its heading."""

    name: ChapterName
    label: str
    document: Document


def chapters(analysis: Analysis, paper: Paper, frame: Frame) -> Iterator[Chapter]:
    """The chapters that have something to say."""
    for name in ChapterName:
        blocks = tuple(_blocks(name, analysis, paper, frame))
        if blocks:
            yield Chapter(name, _label(name, analysis, frame.lang), Document(blocks))


def _label(name: ChapterName, analysis: Analysis, lang: Lang) -> str:
    if name is ChapterName.ABSTRACT and analysis.engine == BUILT_IN:
        return say("analysis.abstract_original", lang)
    return say(f"chapter.{name}", lang)


def _blocks(name: ChapterName, analysis: Analysis, paper: Paper, frame: Frame) -> Iterator[Block]:
    lang = frame.lang
    for aspect in _ASPECTS.get(name, ()):
        yield from _aspect(aspect, analysis, lang)
    match name:
        case ChapterName.EXPERIMENTS:
            found = (grid(table, lang) for table in analysis.tables)
            yield from (made for made in found if made is not None)
        case ChapterName.PRACTICE:
            yield from _code(analysis, lang)
        case ChapterName.LINKS:
            yield Bullets(tuple(_links(analysis, paper, frame)))
        case _:
            pass


def _aspect(aspect: Aspect, analysis: Analysis, lang: Lang) -> Iterator[Block]:
    """An aspect under its name: running text, steps with numbers, or a list."""
    claims = _untold(aspect, analysis)
    flows = aspect in _FLOWING
    written = Lang.EN if analysis.engine == BUILT_IN else analysis.lang
    told = (
        said(claim.text, lang=foreign(written, lang)) if flows else claim_line(claim, written, lang)
        for claim in claims
    )
    lines = tuple(line for line in told if line)
    if not lines:
        return
    if aspect not in _NAMED_BY_CHAPTER:
        yield Heading(plain(say(f"aspect.{aspect}", lang)), level=2)
    if flows:
        yield from map(Text, lines)
    else:
        yield Bullets(lines, start=1 if aspect in _NUMBERED else None)


def _untold(aspect: Aspect, analysis: Analysis) -> tuple[Claim, ...]:
    """The aspect's claims; of the steps in short only those that the method doesn't repeat."""
    claims = analysis.claims.get(aspect, ())
    if aspect is not Aspect.STEPS:
        return claims
    method = analysis.claims.get(Aspect.METHOD, ())
    at_length = {words for claim in method for words in (claim.text, claim.quote) if words}
    return tuple(c for c in claims if at_length.isdisjoint((c.text, c.quote)))


def _code(analysis: Analysis, lang: Lang) -> Iterator[Block]:
    found = code_links("\n".join(analysis.links))
    if found:
        yield Heading(plain(say("card.code", lang)), level=2)
        yield Bullets(tuple(map(_link, found)))


def _links(analysis: Analysis, paper: Paper, frame: Frame) -> Iterator[Inline]:
    """The paper itself, then every address that it names."""
    version = f"{paper.id}v{analysis.version}"
    for label, kind in (("arXiv", "abs"), ("PDF", "pdf"), ("HTML", "html")):
        yield (Span(f"{label}: {version}", href=f"{frame.site}/{kind}/{version}"),)
    yield from (_link(address) for address in analysis.links if web_address(address))


def _link(address: str) -> Inline:
    return (Span(address.partition("://")[2].rstrip("/") or address, href=address),)
