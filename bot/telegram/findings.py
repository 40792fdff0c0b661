"""What `paperround check` finds of a bot: who it is, what it may see, what is not set up."""

from telegram import Bot, User
from telegram.error import InvalidToken, TelegramError

from bot.telegram.client import Connection, client, hang_up
from jobs.checks import Finding


async def look(connection: Connection) -> list[Finding]:
    """Ask Telegram about the bot; one line a finding. Changes nothing."""
    bot = client(connection)
    try:
        await bot.initialize()
        return [_named(bot.bot), *_groups(bot.bot), await _ears(bot, connection)]
    except InvalidToken:
        return [Finding("telegram", passed=False, advice="telegram_token_advice")]
    except TelegramError as error:
        return [_unreachable(error)]
    finally:
        await hang_up(bot)


def _named(me: User) -> Finding:
    return Finding("telegram", passed=True, detail=f"@{me.username}, {me.full_name}")


def _groups(me: User) -> list[Finding]:
    """BotFather's settings: groups at all, and privacy mode, which fits when it is on."""
    if not me.can_join_groups:
        return [Finding("telegram_groups", passed=False, advice="telegram_groups_advice")]
    if me.can_read_all_group_messages:
        return [Finding("telegram_privacy_off", passed=True, advice="telegram_privacy_advice")]
    return [Finding("telegram_privacy_on", passed=True)]


async def _ears(bot: Bot, connection: Connection) -> Finding:
    """Whether Telegram will call, and whom."""
    info = await bot.get_webhook_info()
    waiting = str(info.pending_update_count)
    wanted = connection.webhook.url if connection.webhook else ""
    if info.url == wanted:
        name = "telegram_webhook" if wanted else "telegram_polling"
        failed = info.last_error_message if wanted else None
        if failed:
            return Finding(name, passed=False, detail=failed, advice="telegram_webhook_advice")
        return Finding(name, passed=True, detail=waiting)
    return Finding("telegram_webhook_other", passed=True, advice="telegram_webhook_changes")


def _unreachable(error: TelegramError) -> Finding:
    return Finding(
        "telegram", passed=False, detail=error.message, advice="telegram_unreachable_advice"
    )
