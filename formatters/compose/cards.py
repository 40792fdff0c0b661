"""One paper as a card: the same for every chat of a language."""

import re
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.document import PaperCard
from formatters.text import byline, readable
from formatters.text.links import code_links
from storage.models import AnnounceType, Lang, Paper, Summary

BUILT_IN = "built-in"
_PROVIDER = re.compile(r"\A(?:openai|anthropic|google):")
_VERSION = re.compile(r"#p\d+\Z")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chat's texts are framed by: its language, and where links lead."""

    lang: Lang
    site: str
    """arXiv's address or a mirror's, without a slash at its end."""


def card(
    paper: Paper, summary: Summary | None, frame: Frame, *, with_abstract: bool = False
) -> PaperCard:
    """The paper's card; without a summary, or `with_abstract`, it has the whole abstract."""
    lang = frame.lang
    abstract = (summary and summary.abstract) or readable(paper.abstract)
    return PaperCard(
        paper=paper.id,
        title=readable(paper.title),
        href=f"{frame.site}/abs/{paper.id}",
        translated_title=summary.title if summary else None,
        byline=byline(paper.authors, lang),
        label=label(paper),
        tldr=summary.tldr if summary else "",
        tldr_label=tldr_label(summary, lang),
        findings=summary.findings if summary else (),
        links=links(paper, frame),
        abstract=abstract if with_abstract or summary is None else None,
        notice=say("card.withdrawn", lang) if paper.withdrawn else None,
    )


def tldr_label(summary: Summary | None, lang: Lang) -> str:
    """What a summary is called: it names the model that wrote it, and says what is second best."""
    if summary is None or summary.engine == BUILT_IN:
        fallback = summary is not None and summary.fallback
        return say("card.tldr_instead" if fallback else "card.tldr_original", lang)
    key = "card.tldr_second" if summary.fallback else "card.tldr_model"
    return say(key, lang, model=engine_name(summary.engine))


def engine_name(engine: str) -> str:
    """A model's name as it is shown: without its provider and its prompts' version."""
    return _PROVIDER.sub("", _VERSION.sub("", engine))


def card_name(paper: Paper, summary: Summary, frame: Frame, platform: str) -> str:
    """The name under which a card's rendering is shared between chats.

    All that can change the rendering is in it; who reads it is not.
    """
    metadata = "full" if paper.enriched else "feed"
    fallback = "!" if summary.fallback else ""
    return (
        f"card|{platform}|{frame.lang}|{paper.id}v{paper.version}"
        f"|{summary.engine}{fallback}|{metadata}|{frame.site}"
    )


def label(paper: Paper) -> str:
    """Id with version, categories, and the day of submission where it is known."""
    parts = [f"arXiv:{paper.id}v{paper.version}", ", ".join(paper.categories)]
    if paper.published is not None:
        parts.append(paper.published.date().isoformat())
    return " · ".join(parts)


def kind_label(kind: AnnounceType, version: int, lang: Lang) -> str:
    """How a paper was announced, in the chat's words."""
    if kind.is_replacement:
        return say("announce.replace", lang, version=version)
    return say(f"announce.{kind.value}", lang)


def links(paper: Paper, frame: Frame) -> tuple[tuple[str, str], ...]:
    """PDF and HTML of this version, and the code where the authors name some."""
    version = f"{paper.id}v{paper.version}"
    found = [("PDF", f"{frame.site}/pdf/{version}"), ("HTML", f"{frame.site}/html/{version}")]
    code = code_links(paper.abstract, paper.comment or "")
    found += [(say("card.code", frame.lang), address) for address in code[:1]]
    return tuple(found)
