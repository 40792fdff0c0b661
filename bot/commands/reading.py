"""Reading papers: /digest, /more and /paper. Marks nothing as seen."""

from collections.abc import Mapping, Sequence

from bot.commands.asked import UNSTORED, Asked
from bot.commands.choosing import meant
from bot.commands.finding import known_paper
from bot.commands.options import Options
from bot.commands.request import Reply
from bot.commands.subscribing import draft
from formatters.compose.replies import reading as said
from jobs.digest import digest_now, page
from jobs.summarize import summaries
from storage import papers
from storage import subscriptions as store
from storage.errors import UserError
from storage.models import Paper, PaperId, Subscription, Summary


async def digest(asked: Asked) -> Reply:
    """The digest of all subscriptions now, of one, or of any topic."""
    chosen = await _chosen(asked)
    morning = await digest_now(asked.context.desk, asked.chat, chosen)
    return asked.to_chat(said.digest(morning, asked.frame))


async def more(asked: Asked) -> Reply:
    """The next papers that the last digest left over, with their summaries."""
    turned = None
    if asked.chat.key != UNSTORED:
        turned = await page(asked.context.db, asked.chat, asked.chat.length)
    if turned is None:
        raise UserError("more.no_digest")
    last, items, left = turned
    stored = await asked.read(papers.get_many, [item.paper for item in items])
    shown = [item for item in items if item.paper in stored]
    morning = said.Page(
        items=shown,
        sections=[asked.topic_name(topic) for topic in last.sections],
        papers=stored,
        summaries=await summaries_of(asked, list(stored.values())),
        first=len(last.items) - left - len(items) + 1,
        left=left,
        date=last.local_date,
    )
    return asked.to_chat(said.more(morning, asked.frame))


async def paper(asked: Asked) -> Reply:
    """One paper's card with its whole abstract."""
    found = await known_paper(asked)
    summary = (await summaries_of(asked, [found])).get(found.id)
    return asked.to_chat(said.paper(found, summary, asked.frame))


async def summaries_of(asked: Asked, wanted: Sequence[Paper]) -> Mapping[PaperId, Summary]:
    """A summary of each paper in the chat's language."""
    return await summaries(
        db=asked.context.db, engines=asked.context.desk.engines, papers=wanted, lang=asked.lang
    )


async def _chosen(asked: Asked) -> Sequence[Subscription]:
    """The subscriptions that a digest is asked of; a topic that is none serves as one."""
    found = await asked.read(store.of_chat, asked.chat.key)
    if not asked.argument:
        if not found:
            raise UserError("digest.no_subscriptions")
        return found
    one = meant(asked.argument, found, asked.parse)
    if one is not None:
        return [one]
    if asked.argument.removeprefix("#").isdecimal():
        raise UserError("subscription.unknown", typed=asked.argument)
    topic = asked.parse(asked.argument)
    latest = await asked.read(papers.last_seq)
    return [draft(asked, asked.chat, topic, Options(), since=latest)]
