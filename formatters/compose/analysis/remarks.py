"""How much of a paper was read, by whom, and what was left out: said with every analysis."""

from collections.abc import Iterator

from formatters.catalogue import say, texts
from formatters.compose.cards import BUILT_IN, engine_name
from formatters.document import Inline, Span, Style, Text
from storage.models import Analysis, Coverage, HiddenKind, Lang, Origin


def remarks(analysis: Analysis, lang: Lang) -> tuple[Text, ...]:
    """A faint line on what was read and by whom; a warning, where something was hidden."""
    parts = [
        coverage_words(analysis.coverage, lang),
        engine_words(analysis.engine, lang, fallback=analysis.fallback),
    ]
    if analysis.dropped:
        parts.append(say("analysis.dropped", lang, n=analysis.dropped))
    faint: Inline = (Span(" · ".join(parts), Style.FAINT),)
    warning = " ".join(_warnings(analysis, lang))
    return (Text(faint), *((Text((Span(f"⚠ {warning}"),)),) if warning else ()))


def coverage_words(coverage: Coverage, lang: Lang) -> str:
    """`full text (PDF), 9 of 9 sections, 61,000 characters`, or what is missing and why."""
    why = _why(coverage.lacks, lang)
    if coverage.origin is Origin.ABSTRACT:
        key = "analysis.abstract_because" if why else "analysis.abstract_only"
        return say(key, lang, why=why)
    read = say(
        "analysis.whole" if coverage.whole else "analysis.partly",
        lang,
        form=say(f"origin.{coverage.origin}", lang),
        read=coverage.read,
        n=coverage.sections,
        characters=f"{coverage.characters:,}",
    )
    return say("analysis.read_because", lang, read=read, why=why) if why else read


def part_words(coverage: Coverage, lang: Lang) -> str:
    """What there was of a paper of which not all was read, within a sentence."""
    why = _why(coverage.lacks, lang)
    if coverage.origin is Origin.ABSTRACT:
        return say("ask.abstract_because" if why else "ask.abstract_only", lang, why=why)
    return why or coverage_words(coverage, lang)


def engine_words(engine: str, lang: Lang, *, fallback: bool) -> str:
    """Who wrote it, and that another engine should have."""
    if engine == BUILT_IN:
        return say("analysis.built_in_instead" if fallback else "analysis.built_in", lang)
    key = "analysis.model_instead" if fallback else "analysis.model"
    return say(key, lang, model=engine_name(engine))


def _why(lacks: str, lang: Lang) -> str:
    key = f"lacks.{lacks}"
    return say(key, lang) if key in texts() else ""


def _warnings(analysis: Analysis, lang: Lang) -> Iterator[str]:
    """What the paper keeps from its readers, and what it tells their models in plain sight."""
    plain = sum(hidden.kind is HiddenKind.INSTRUCTION for hidden in analysis.hidden)
    for key, n in (("analysis.hidden", len(analysis.hidden) - plain), ("analysis.told", plain)):
        if n:
            yield say(key, lang, n=n)
