"""`paperround summarize`: what an engine says of papers, and what the checks say of that."""

from collections import Counter
from collections.abc import Sequence

from bot.app import App, opened
from bot.settings import Settings
from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, Frame, card
from formatters.document import Document
from jobs.arxiv_ids import parse_paper_id
from jobs.ports import Summarizer
from jobs.summarize import BuiltIn
from storage.errors import UserError
from storage.models import Lang, Paper, Summary


async def show_summaries(
    settings: Settings, ids: Sequence[str], lang: Lang, engine: str | None
) -> None:
    """Print what an engine says of these papers, and what the checks say of that."""
    if engine is not None:
        chosen = {"llm_model": "" if engine == BUILT_IN else engine, "llm_fallback_model": ""}
        settings = settings.model_copy(update=chosen).checked()
    named = [parse_paper_id(text) for text in ids]
    unknown = [text for text, found in zip(ids, named, strict=True) if found is None]
    if unknown:
        raise UserError("once.no_id", typed=unknown[0])
    async with opened(settings) as app:
        wanted = [found[0] for found in named if found is not None]
        found = {paper.id: paper for paper in await app.source.papers(wanted)}
        for paper_id in wanted:
            if paper_id not in found:
                link = f"{settings.arxiv_site_url}/abs/{paper_id}"
                raise UserError("paper.unknown", paper=paper_id, link=link)
            await _show_summary(app, found[paper_id], lang)


async def _show_summary(app: App, paper: Paper, lang: Lang) -> None:
    engine = app.desk.engines[0]
    said: Summary | None
    lines: list[str] = []
    if isinstance(engine, BuiltIn):
        (said,) = await engine.summarize([paper], lang)
    else:
        said, lines = await _asked(engine, paper, lang)
    if said is not None:
        app.terminal.show(Document((card(paper, said, Frame(lang, app.desk.site)),)))
    for line in lines:
        app.terminal.write(f"  {line}\n")
    app.terminal.write("\n")


async def _asked(engine: Summarizer, paper: Paper, lang: Lang) -> tuple[Summary | None, list[str]]:
    """What a model says of the paper, and the faults that were found on the way."""
    from jobs.llm.engine import ModelEngine  # noqa: PLC0415 -- heavy
    from jobs.llm.failure import Failure  # noqa: PLC0415

    assert isinstance(engine, ModelEngine)  # noqa: S101 -- the only other kind
    try:
        draft = await engine.drafts(paper, lang)
    except Failure as failure:
        return None, [f"✗ {say(f'model.{failure.trouble}', lang)} ({failure.said})"]
    caught = Counter(kind.value for kind in draft.kinds)
    left = [f"✗ {fault}" for fault in draft.faults if draft.missing]
    tally = ", ".join(f"{kind} {n}" for kind, n in caught.items())
    first = say("once.checks", lang, faults=tally) if caught else say("once.checks_passed", lang)
    return draft.summary(engine.name), [first, *left]
