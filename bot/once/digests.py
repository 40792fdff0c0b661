"""`paperround digest` and `paperround collect`: arXiv asked once."""

from bot.app import opened
from bot.once.status import steps
from bot.service import categories_wanted
from bot.settings import Settings
from formatters.catalogue import say
from formatters.compose.cards import Frame, card
from formatters.compose.digest import engine_lines, pages
from formatters.compose.replies.words import cause_text
from formatters.document import Document, Span, Style, Text, Titles, plain
from jobs import collect as collecting
from jobs.digest import one_off
from storage.errors import UserError
from storage.models import Lang, RunState


async def show_digest(settings: Settings, query: str, most: int, lang: Lang) -> None:
    """Print a one-off digest from live arXiv. Raises UserError, SourceError, RetryLater."""
    async with opened(settings) as app:
        topic = app.desk.parse(query)
        with steps(lang) as step:
            morning = await one_off(
                app.desk,
                app.source,
                topic,
                categories=settings.categories,
                most=most,
                lang=lang,
                tz=settings.tz,
                progress=step,
            )
        if not morning.digest.items:
            line = say("once.nothing", lang, announced=morning.digest.counts.announced)
            app.terminal.show(Document((Text(plain(line)),)))
            return
        frame = Frame(lang, app.desk.site)
        document = pages(morning, frame)
        app.terminal.show(document.overview)
        for lead, paper in document.leads:
            shown = card(morning.papers[paper], morning.summaries[paper], frame)
            app.terminal.write("\n")
            app.terminal.show(Document((lead, shown)))
        rest = [block for block in document.tail.blocks if isinstance(block, Titles)]
        engines = [Text((Span(line, Style.FAINT),)) for line in engine_lines(morning, lang)]
        app.terminal.write("\n")
        app.terminal.show(Document((*rest, *engines)))


async def collect_once(settings: Settings) -> None:
    """One collecting run, told in words. Raises UserError when it failed."""
    async with opened(settings) as app:
        wanted = await app.db.study(categories_wanted, app)
        with steps(settings.lang) as step:
            step("feed")
            run = await collecting.collect(
                db=app.db, source=app.source, clock=app.clock, categories=wanted
            )
        said = cause_text(run.cause, settings.lang)
        if run.state is RunState.FAILED:
            detail = f" ({run.detail})" if run.detail else ""
            raise UserError("once.failed", cause=said, detail=detail)
        line = say("once.collected", settings.lang, n=run.announced, said=said)
        app.terminal.show(Document((Text(plain(line)),)))
