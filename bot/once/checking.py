"""`paperround check`: whether all that is needed is there."""

from bot.app import App, opened
from bot.endings import ChecksFailed
from bot.platforms import slack_connection, telegram_connection
from bot.settings import Settings
from formatters.catalogue import say
from formatters.compose.cards import engine_name
from jobs import checks
from storage.errors import UserError
from storage.models import Lang, Platform


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


def _print_finding(app: App, finding: checks.Finding, lang: Lang) -> None:
    mark = "✓" if finding.passed else "✗"
    line = f"{mark} {say(f'check.{finding.name}', lang)}"
    if finding.detail:
        line += f": {finding.detail}"
    if finding.advice:
        line += f" → {say(f'check.{finding.advice}', lang)}"
    app.terminal.write(line + "\n")
