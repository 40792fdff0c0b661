"""The command line. One exit edge: 0 done, 1 the user can mend it, 3 a defect.

Only click is imported up front, so that `--help` answers at once.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.settings import Settings

MENDABLE, INTERRUPTED = 1, 130

LANGS = click.Choice(["en", "zh"])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="paperround")
def cli() -> None:
    """A morning paper round: arXiv digests by topic, at your hour, in your language.

    \b
    Try it without a network:    paperround demo
    One digest from live arXiv:  paperround digest 'cs.CV AND "gaussian splatting"' --max 10
    Subscribe and ask:           paperround chat
    Every morning:               paperround run

    Settings come from the environment or a file .env in this folder; see .env.example.
    """


@cli.command()
@click.option(
    "--lang", type=LANGS, default=None, help="Language of the demo. Default: PAPERROUND_LANG."
)
def demo(lang: str | None) -> None:
    """Show a whole morning in a few seconds, offline, on invented papers.

    Subscribes this terminal to 多模态 (multimodal), delivers the morning digest, pages, searches
    and explains an empty Saturday. Everything is made on the spot by the built-in engine, in a
    temporary database that is removed again.
    """

    async def show(settings: "Settings") -> None:
        from bot.demo import play  # noqa: PLC0415
        from storage.models import Lang  # noqa: PLC0415

        await play(settings, Lang(lang) if lang else settings.lang)

    _run(show)


@cli.command()
@click.argument("query")
@click.option(
    "--max", "most", type=click.IntRange(1, 50), default=10, show_default=True, help="Papers shown."
)
@click.option("--lang", type=LANGS, default=None, help="Language of the digest's frame.")
def digest(query: str, most: int, lang: str | None) -> None:
    """Print a one-off digest of QUERY from live arXiv; subscribes nothing, stores nothing.

    The latest announcements that match; when they are fewer than --max, the last 7 days'.

    \b
    paperround digest 'cs.CV AND "gaussian splatting"' --max 10
    paperround digest 持续学习 --lang zh
    paperround digest 'author:"Kaiming He"'
    """

    async def show(settings: "Settings") -> None:
        from bot.once.digests import show_digest  # noqa: PLC0415
        from storage.models import Lang  # noqa: PLC0415

        await show_digest(settings, query, most, Lang(lang) if lang else settings.lang)

    _run(show)


@cli.command()
def chat() -> None:
    """Talk to paperround in this terminal: every command, in English or Chinese.

    Type /help for the commands, Tab completes their names, the arrows recall what you typed;
    exit or Ctrl-D leaves. Reads one command a line when standard input is not a terminal:

    \b
    echo '/subscribe multimodal at 08:30 weekdays' | paperround chat
    """

    async def talk(settings: "Settings") -> None:
        from bot.app import opened  # noqa: PLC0415
        from bot.local import converse, lines_of  # noqa: PLC0415

        async with opened(settings) as app:
            history = settings.database.with_name("chat-history")
            lines = lines_of(sys.stdin, history)
            await converse(app.commands, app.terminal, lines, lang=settings.lang, tz=settings.tz)

    _run(talk)


@cli.command()
def run() -> None:
    """Run the service: collect when arXiv announces, deliver each subscription at its time.

    Delivers to this terminal, and to Telegram with TELEGRAM_BOT_TOKEN. Ctrl-C or SIGTERM ends
    it; what was in flight is sent after the next start. One service at a time may run on a
    database; `chat`, `digest` and the other commands work beside it.
    """

    async def serve(settings: "Settings") -> None:
        from bot.app import SystemClock, opened  # noqa: PLC0415
        from bot.platforms import connected  # noqa: PLC0415
        from bot.service import Service  # noqa: PLC0415

        clock = SystemClock()
        async with opened(settings, clock=clock) as local, connected(local, _tell) as app:
            service = Service(app, clock)
            service.stop_on_signals()
            await service.run()

    _run(serve)


@cli.command()
def collect() -> None:
    """Ask arXiv once for what it announced, store it, and say what came of it."""

    async def once(settings: "Settings") -> None:
        from bot.once.digests import collect_once  # noqa: PLC0415

        await collect_once(settings)

    _run(once)


@cli.command()
def status() -> None:
    """Say how fresh the papers are, what the last run brought, and what waits."""
    _ask("/status")


@cli.command()
def subscriptions() -> None:
    """List this terminal's subscriptions."""
    _ask("/subscriptions")


@cli.command()
@click.argument("ids", nargs=-1, required=True)
@click.option("--lang", type=LANGS, default=None, help="Language of the summaries.")
@click.option("--engine", default=None, help="A model's name, or built-in. Default: LLM_MODEL.")
def summarize(ids: tuple[str, ...], lang: str | None, engine: str | None) -> None:
    """Summarize the papers IDS and say what the checks found; stores no summary.

    \b
    paperround summarize 2602.06043 --lang zh
    paperround summarize 2602.06043 2602.06044 --engine built-in
    """

    async def show(settings: "Settings") -> None:
        from bot.once.summarizing import show_summaries  # noqa: PLC0415
        from storage.models import Lang  # noqa: PLC0415

        await show_summaries(settings, ids, Lang(lang) if lang else settings.lang, engine)

    _run(show)


@cli.command()
@click.argument("paper")
@click.option("--lang", type=LANGS, default=None, help="Language of the analysis.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    default=None,
    help="Write it to this file: .md or .html.",
)
@click.option("--again", is_flag=True, help="Anew, though there is one.")
def analyze(paper: str, lang: str | None, output: str | None, *, again: bool) -> None:
    """Read the whole of PAPER, an arXiv id or link, and break it down.

    \b
    paperround analyze 2602.06043
    paperround analyze https://arxiv.org/abs/2602.06043v1 --lang zh -o report.md
    """

    async def show(settings: "Settings") -> None:
        from pathlib import Path  # noqa: PLC0415

        from bot.once.analyzing import show_analysis  # noqa: PLC0415
        from storage.models import Lang  # noqa: PLC0415

        wanted = Lang(lang) if lang else settings.lang
        await show_analysis(settings, paper, wanted, Path(output) if output else None, anew=again)

    _run(show)


@cli.command()
@click.argument("form", type=click.Choice(["daily-table", "topic-tables", "report"]))
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Announcement day. Default: the newest that is stored.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    default=30,
    show_default=True,
    help="Days that topic-tables cover, up to --date.",
)
@click.option(
    "--topic",
    "topics",
    multiple=True,
    help="A topic; may be given several times. Default: the archive's.",
)
@click.option("--lang", type=LANGS, default=None, help="Language. Default: PAPERROUND_LANG.")
@click.option(
    "--max", "most", type=click.IntRange(min=1), default=None, help="Papers shown. Default: all."
)
@click.option(
    "-o",
    "target",
    type=click.Path(path_type=Path),
    default=None,
    help="A file to write, or a folder; topic-tables put a file a topic and an index there.",
)
def export(  # noqa: PLR0917 -- click gives each option as an argument
    form: str,
    day: datetime | None,
    days: int,
    topics: tuple[str, ...],
    lang: str | None,
    most: int | None,
    target: Path | None,
) -> None:
    """Write stored papers as Markdown: a day's table, topics' tables, or a day's report.

    \b
    paperround export daily-table --date 2026-02-06 --lang zh -o 2026-02-06.md
    paperround export topic-tables --topic multimodal --topic peft --days 30 -o topics
    paperround export report --topic 'cs.CV AND "gaussian splatting"'
    """

    async def write(settings: "Settings") -> None:
        from bot.once.exporting import Wanted, export  # noqa: PLC0415
        from storage.models import Lang  # noqa: PLC0415

        wanted = Wanted(
            form=form,
            day=day.date() if day else None,
            days=days,
            topics=topics,
            lang=Lang(lang) if lang else settings.lang,
            most=most,
            target=target,
        )
        await export(settings, wanted)

    _run(write)


@cli.command()
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Make this day anew."
)
@click.option("--all", "anew", is_flag=True, help="Make every day anew.")
def archive(day: datetime | None, *, anew: bool) -> None:
    """Bring the folder PAPERROUND_ARCHIVE up to date: the web site, feeds, and Markdown.

    `paperround run` does so by itself. Only files that differ are written.

    \b
    paperround archive
    paperround archive --date 2026-02-06
    """

    async def write(settings: "Settings") -> None:
        from bot.once.keeping import update_archive  # noqa: PLC0415

        await update_archive(settings, day.date() if day else None, anew=anew)

    _run(write)


@cli.command()
def check() -> None:
    """Check settings, database, clock and zones, and whether arXiv can be reached.

    One line each, with what to do about a failure. Exits with 1 when something failed.
    """

    async def look(settings: "Settings") -> None:
        from bot.once.checking import run_checks  # noqa: PLC0415

        await run_checks(settings)

    _run(look)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file: str) -> None:
    """Copy the live database to FILE, safely while the service runs. FILE must not exist."""

    async def copy(settings: "Settings") -> None:
        from bot.once.keeping import back_up_to  # noqa: PLC0415

        await asyncio.to_thread(back_up_to, settings, file)

    _run(copy)


def _tell(line: str) -> None:
    click.echo(line)


def _ask(command: str) -> None:
    """Answer one command as the terminal chat would."""

    async def answer(settings: "Settings") -> None:
        from bot.app import opened  # noqa: PLC0415
        from bot.local import request  # noqa: PLC0415

        async with opened(settings) as app:
            reply = await app.commands.dispatch(request(command, settings.lang, settings.tz))
            if reply is not None:
                app.terminal.show(reply.document)

    _run(answer)


def _run(job: "Callable[[Settings], Coroutine[Any, Any, None]]") -> None:
    from bot import settings as settings_of  # noqa: PLC0415
    from bot.logs import configure  # noqa: PLC0415

    settings = settings_of.load()
    settings_of.make_folder(settings)
    configure(settings.log_file)
    asyncio.run(job(settings))


def main() -> None:
    """The entry point: every ending has a code, and no user sees a traceback."""
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        cli(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return MENDABLE
    except Exception as error:  # noqa: BLE001 -- the one edge
        from bot.endings import explain  # noqa: PLC0415

        return explain(error)
    return 0


if __name__ == "__main__":
    main()
