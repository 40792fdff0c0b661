"""What /analyze says while it goes on, and what /ask and /similar answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from formatters.catalogue import say, texts
from formatters.compose.analysis.claims import place, quoted, said
from formatters.compose.analysis.remarks import coverage_words, engine_words, part_words
from formatters.compose.analysis.words import Word
from formatters.compose.cards import BUILT_IN, Frame
from formatters.compose.replies.words import (
    button,
    cause_text,
    faint,
    joined,
    line,
    paper_line,
    title_link,
)
from formatters.document import (
    Block,
    Bullets,
    Buttons,
    Document,
    Heading,
    Inline,
    Quote,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.text import readable, truncate
from storage.models import Answer, Claim, Coverage, Lang, Paper, PaperId

_SHORT_TITLE = 80
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A paper that is like another one."""

    paper: Paper
    shared: tuple[str, ...]
    """Phrases that both have."""


def queued(paper: PaperId, ahead: int, lang: Lang) -> Document:
    """It will be read, and how many analyses come first."""
    said_so = line("analyzing.queued", lang, paper=paper, n=ahead)
    begun = line("analyzing.begun", lang, paper=paper)
    return Document((said_so if ahead else begun, _cancel(paper, lang)))


def queued_all(papers: Sequence[PaperId], lang: Lang) -> Document:
    """They will be read, one after the other."""
    return Document((line("analyzing.begun", lang, paper=joined(papers, lang)),))


def which_paper(lang: Lang) -> Document:
    """Ask for the paper that is meant."""
    return Document((line("analyzing.which", lang),))


def which_question(paper: PaperId, lang: Lang) -> Document:
    """Ask for the question."""
    return Document((line("ask.which", lang, paper=paper),))


def files(paper: PaperId, lang: Lang) -> Document:
    """The files that come with it."""
    return Document((line("analyzing.files", lang, paper=paper),))


def progress(
    paper: PaperId,
    stage: str,
    lang: Lang,
    *,
    done: int = 0,
    of: int = 0,
    seconds_left: float | None = None,
) -> Document:
    """What an analysis is at: the stage's name, how much of it is done, how long it may take.

    An `of` of 0 and `seconds_left` None mean that nobody knows.
    """
    counted = f"stage.{stage}_of"
    at = say(f"stage.{stage}", lang)
    if of and counted in texts():
        at = say(counted, lang, done=min(done + 1, of), n=of)
    if seconds_left is None:
        told = line("analyzing.progress", lang, paper=paper, stage=at)
    else:
        left = say("stage.minutes", lang, n=max(1, ceil(seconds_left / _MINUTE)))
        told = line("analyzing.progress_left", lang, paper=paper, stage=at, left=left)
    return Document((told, _cancel(paper, lang)))


def done(paper: PaperId, lang: Lang) -> Document:
    """The breakdown follows."""
    return Document((line("analyzing.done", lang, paper=paper),))


def cancelled(paper: PaperId, lang: Lang) -> Document:
    """The chat waits for it no more."""
    return Document((line("analyzing.cancelled", lang, paper=paper),))


def put_off(paper: PaperId, lang: Lang) -> Document:
    """It goes on when the bot is back."""
    return Document((line("analyzing.put_off", lang, paper=paper), _cancel(paper, lang)))


def left_out(papers: Sequence[PaperId], lang: Lang) -> Document:
    """These are not read; why is said after it."""
    return Document((line("analyzing.left_out", lang, papers=joined(papers, lang)),))


def not_waiting(paper: PaperId, lang: Lang) -> Document:
    """There was nothing to cancel."""
    return Document((line("analyzing.not_waiting", lang, paper=paper),))


def failed(paper: PaperId, lang: Lang) -> Document:
    """No engine could do it, or its text was not to be had."""
    return Document((line("analyzing.failed", lang, paper=paper),))


def looking(paper: PaperId, lang: Lang) -> Document:
    """The answer takes its time."""
    return Document((line("ask.looking", lang, paper=paper),))


def broken_off(paper: PaperId, lang: Lang) -> Document:
    """The process ended before the answer was there."""
    return Document((line("ask.broken_off", lang, paper=paper),))


def answer(found: Answer, paper: Paper, frame: Frame) -> Document:
    """The answer, the passages that it rests on, who gave it and what they had to go by."""
    lang = frame.lang
    return Document((*_answered(found, lang), _source(found, paper, frame)))


def similar_papers(
    paper: Paper,
    stored: Sequence[Neighbour],
    live: Sequence[Paper] | None,
    failed: str | None,
    frame: Frame,
) -> Document:
    """Stored papers with what they share, then those that arXiv adds.

    `live` is None where arXiv was not asked, or did not answer; `failed` is its cause.
    """
    lang = frame.lang
    title = truncate(readable(paper.title), _SHORT_TITLE)
    blocks: list[Block] = [Title(plain(say("similar.title", lang, title=title)))]
    if stored:
        blocks.append(Bullets(tuple(_neighbour(near, frame) for near in stored), start=1))
    if live:
        blocks.append(Heading(plain(say("similar.live", lang))))
        items = tuple(paper_line(other, frame) for other in live)
        blocks.append(Bullets(items, start=len(stored) + 1))
    if not stored and not live and failed is None:
        blocks.append(line("similar.nothing", lang))
    if failed is not None:
        blocks.append(faint("search.live_failed", lang))
        blocks.append(Text(plain(cause_text(failed, lang))))
    return Document(tuple(blocks))


def _cancel(paper: PaperId, lang: Lang) -> Buttons:
    return Buttons((button("cancel", f"/analyze {paper} {Word.CANCEL}", lang, turns=True),))


def _answered(found: Answer, lang: Lang) -> Iterator[Block]:
    text = said(found.text)
    if text:
        yield Text(text)
    elif not found.passages:
        yield _silent(found.coverage, lang)
    if found.passages:
        yield faint("ask.rests_on" if text else "ask.nearest", lang)
    for claim in found.passages:
        yield Quote(quoted(claim.quote or claim.text), _where(claim))


def _silent(coverage: Coverage | None, lang: Lang) -> Text:
    """Only of a paper that was read whole it can be told what it does not say."""
    if coverage is None or coverage.whole:
        return line("ask.silent", lang)
    return line("ask.silent_part", lang, part=part_words(coverage, lang))


def _where(claim: Claim) -> Inline:
    where = place(claim)
    return (Span(where, Style.FAINT),) if where else ()


def _source(found: Answer, paper: Paper, frame: Frame) -> Text:
    """The version that was asked, the engine, and how much of the paper it had."""
    lang = frame.lang
    if found.engine == BUILT_IN:
        by = say("ask.built_in_instead" if found.fallback else "ask.built_in", lang)
    else:
        by = engine_words(found.engine, lang, fallback=found.fallback)
    link = title_link(paper, frame, _SHORT_TITLE)
    version = f"{link.href}v{paper.version}"
    told = " · ".join(("", by, *_had(found.coverage, lang)))
    return Text((Span(link.text, Style.FAINT, version), Span(told, Style.FAINT)))


def _had(coverage: Coverage | None, lang: Lang) -> Iterator[str]:
    """What it was looked for in; of a whole text not all need have been read for an answer."""
    if coverage is not None and coverage.whole:
        yield say("ask.whole", lang, form=say(f"origin.{coverage.origin}", lang))
    elif coverage is not None:
        yield coverage_words(coverage, lang)


def _neighbour(near: Neighbour, frame: Frame) -> Inline:
    """A paper on its line; what it shares on the next one."""
    shared = joined(near.shared, frame.lang)
    why = f"\n{say('similar.shared', frame.lang, phrases=shared)}" if near.shared else ""
    return (*paper_line(near.paper, frame), *((Span(why, Style.FAINT),) if why else ()))
