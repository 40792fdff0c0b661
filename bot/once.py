"""The commands of the command line that do one thing and end, beside a running service."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bot.app import App, opened
from bot.endings import ChecksFailed
from bot.platforms import slack_connection, telegram_connection
from bot.service import categories_wanted
from bot.settings import Settings
from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, Frame, card, engine_name
from formatters.compose.digest import engine_lines, pages
from formatters.compose.replies.words import cause_text
from formatters.document import Document, Span, Style, Text, Titles, plain
from jobs import checks
from jobs import collect as collecting
from jobs.arxiv_ids import parse_paper_id
from jobs.digest import one_off
from jobs.ports import Summarizer
from jobs.summarize import BuiltIn
from storage.database import back_up
from storage.errors import AlreadyExists, UserError
from storage.models import Lang, Paper, Platform, RunState, Summary


async def show_digest(settings: Settings, query: str, most: int, lang: Lang) -> None:
    """Print a one-off digest from live arXiv. Raises UserError, SourceError, RetryLater."""
    async with opened(settings) as app:
        topic = app.desk.parse(query)
        with _steps(lang) as step:
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
        with _steps(settings.lang) as step:
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


async def run_checks(settings: Settings) -> None:
    """Print a line for each finding. Raises ChecksFailed if one did not pass."""
    async with opened(settings) as app:
        _print_finding(app, checks.Finding("settings", passed=True), settings.lang)
        found = await checks.check_all(
            db=app.db,
            clock=app.clock,
            source=app.source,
            tz=settings.tz,
            categories=settings.categories,
        )
        if settings.telegram_token is not None:
            from bot.telegram.findings import look  # noqa: PLC0415 -- heavy

            found += await look(telegram_connection(settings))
        if settings.slack_token is not None:
            from bot.slack.findings import look as look_at_slack  # noqa: PLC0415 -- heavy

            rooms = await app.commands.rooms.subscribed(Platform.SLACK)
            found += await look_at_slack(slack_connection(settings), rooms)
        found += await look_at_archive(app)
        found += await _look_at_models(app)
        for finding in found:
            _print_finding(app, finding, settings.lang)
        if not all(finding.passed for finding in found):
            raise ChecksFailed


async def look_at_archive(app: App) -> list[checks.Finding]:
    """Whether the archive's folder can be written, and its topics be read."""
    if app.archiving is None:
        return []
    try:
        await app.archiving.look()
    except UserError as error:
        said = say(error.key, app.settings.lang, **error.values)
        return [checks.Finding("archive", passed=False, detail=said)]
    return [checks.Finding("archive", passed=True, detail=str(app.settings.archive))]


async def update_archive(settings: Settings, day: date | None, *, anew: bool) -> None:
    """Bring the archive up to date, or make it anew, and say what was done. Raises UserError."""
    async with opened(settings) as app:
        if app.archiving is None:
            raise UserError("archive.none")
        with _steps(settings.lang) as step:
            step("archive")
            only = None if day is None else {day}
            written = await app.archiving.update(only=only, anew=anew or day is not None)
        if day is not None and not written.days:
            raise UserError("archive.no_day", day=day.isoformat())
        line = say(
            "archive.written",
            settings.lang,
            n=written.days,
            files=len(written.files),
            removed=written.removed,
            folder=settings.archive,
        )
        app.terminal.show(Document((Text(plain(line)),)))


async def _look_at_models(app: App) -> list[checks.Finding]:
    """One tiny call to each model: its speed, and how it takes typed output."""
    if not app.settings.models:
        return []
    from jobs.llm.engine import ModelEngine  # noqa: PLC0415 -- heavy
    from jobs.llm.failure import Failure  # noqa: PLC0415

    found = []
    for engine in app.desk.engines:
        if not isinstance(engine, ModelEngine):
            continue
        name, started = engine_name(engine.name), app.clock.now()
        try:
            mode = await engine.trial()
        except Failure as failure:
            said = f"{name}: {say(f'model.{failure.trouble}', app.settings.lang)} ({failure.said})"
            found.append(checks.Finding("model", passed=False, detail=said, advice="model_advice"))
        else:
            seconds = (app.clock.now() - started).total_seconds()
            found.append(
                checks.Finding("model", passed=True, detail=f"{name}, {seconds:.1f} s, {mode}")
            )
    return found


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


def back_up_to(settings: Settings, file: str) -> None:
    """Copy the live database. Raises UserError when there is none or the target exists."""
    if not settings.database.exists():
        raise UserError("once.no_database", path=settings.database)
    target = Path(file).expanduser()
    try:
        back_up(settings.database, target)
    except AlreadyExists as error:
        raise UserError("once.backup_exists", path=target) from error
    sys.stdout.write(say("once.backed_up", settings.lang, path=target) + "\n")


def _print_finding(app: App, finding: checks.Finding, lang: Lang) -> None:
    mark = "✓" if finding.passed else "✗"
    line = f"{mark} {say(f'check.{finding.name}', lang)}"
    if finding.detail:
        line += f": {finding.detail}"
    if finding.advice:
        line += f" → {say(f'check.{finding.advice}', lang)}"
    app.terminal.write(line + "\n")


@contextmanager
def _steps(lang: Lang) -> Iterator[Callable[[str], None]]:
    """A progress display on standard error while something takes long; none in a pipe."""
    from rich.console import Console  # noqa: PLC0415 -- only for the display

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda step: status.update(say(f"once.step_{step}", lang))
