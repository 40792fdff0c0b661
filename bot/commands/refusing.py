"""The answer to who is not let in, the word to the admins, and the claim that makes the first.

Nothing is stored of who is refused.
"""

from collections.abc import Sequence

from bot.commands.claiming import PREFIX
from bot.commands.gate import Stored, Verdict, bare, is_private, room_of
from bot.commands.line import Line
from bot.commands.names import Name
from bot.commands.refusals import Refusal
from bot.commands.request import Context, Reply, Request, Told, Visibility
from formatters.compose.replies import access as said
from storage import access, chats
from storage.database import Tx
from storage.errors import StorageError, UserError
from storage.models import Lang, Platform


async def refused(
    context: Context, request: Request, stored: Stored, judged: Verdict
) -> Reply | None:
    """A short refusal, with a word to the admins; None when the room had it within the hour."""
    if not request.addressed:
        return None
    room = room_of(request)
    lang = stored.chat.lang if stored.chat else request.lang or context.lang
    title = said.one_line(request.title or request.name)
    refusal = Refusal(title, lang, context.clock.now(), request.asked_in)
    if not context.refusals.note(request.platform, room, refusal):
        return None
    admins = _admins(context, request.platform, stored)
    denied = judged is Verdict.DENIED
    return Reply(
        said.refused(room, lang, denied=denied, has_admin=bool(admins)),
        lang,
        Visibility.PERSON if request.tapped else Visibility.CHAT,
        failed=True,
        told=() if denied else await _notices(context, request, admins),
    )


async def claims(context: Context, request: Request, line: Line | UserError) -> bool:
    """Whether this is the right code, said in private: then who said it is an admin now."""
    typed = _code(line)
    if typed is None or context.claim is None or not is_private(request):
        return False
    if not context.claim.take(typed):
        return False
    try:
        await context.db.write(access.make_admin, request.person, context.clock.now())
    except StorageError:
        context.claim.give_back()
        raise
    return True


def _code(line: Line | UserError) -> str | None:
    """The code of `/claim CODE` or of the link's `/start claim_CODE`."""
    if isinstance(line, UserError) or line.command is None:
        return None
    if line.command.name is Name.CLAIM:
        return line.argument
    if line.command.name is Name.START and line.argument.startswith(PREFIX):
        return line.argument.removeprefix(PREFIX)
    return None


def _admins(context: Context, platform: Platform, stored: Stored) -> Sequence[str]:
    """The private chats of this platform's admins."""
    known = {bare(person) for person in stored.admins if person.startswith(f"{platform}:")}
    named = {admin for admin in context.access.admins if _is_of(platform, admin)}
    return sorted(known | named)


def _is_of(platform: Platform, ident: str) -> bool:
    """Whether an id has the platform's form: Telegram's are numbers, Slack's are not."""
    return ident.isdecimal() is (platform is Platform.TELEGRAM)


async def _notices(context: Context, request: Request, admins: Sequence[str]) -> tuple[Told, ...]:
    title = "" if is_private(request) else request.title
    room = said.Room(f"{request.platform}:{room_of(request)}", title)
    langs = await context.db.read(_langs, request.platform, admins, context.lang)
    return tuple(
        Told(admin, said.notice(room, request.name, lang), lang)
        for admin, lang in zip(admins, langs, strict=True)
    )


def _langs(tx: Tx, platform: Platform, addresses: Sequence[str], usual: Lang) -> list[Lang]:
    found = (chats.find(tx, platform, address) for address in addresses)
    return [chat.lang if chat else usual for chat in found]
