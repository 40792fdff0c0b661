"""Reading papers: /digest, /more and /paper. Marks nothing as seen."""

from collections.abc import Mapping, Sequence

from bot.commands.asked import UNSTORED, Asked
from bot.commands.choosing import meant
from bot.commands.finding import known_paper
from bot.commands.options import Options
from bot.commands.request import Reply
from bot.commands.subscribing import draft
from formatters.compose.replies import reading as said
from jobs.arxiv_ids import parse_paper_id
from jobs.digest import digest_now, next_page, page_from
from jobs.summarize import WAITED_FOR, Deadline, summaries, with_abstract
from storage import digests, papers
from storage import subscriptions as store
from storage.errors import UserError
from storage.models import Paper, PaperId, Subscription, Summary

MOST_ON_A_PAGE = 8


async def digest(asked: Asked) -> Reply:
    """The digest of all subscriptions now, of one, or of any topic."""
    chosen = await _chosen(asked)
    morning = await digest_now(asked.context.desk, asked.chat, chosen)
    return asked.to_chat(said.digest(morning, asked.frame))


async def more(asked: Asked) -> Reply:
    """A page of what a digest left over: the next of the last one, or from a paper on."""
    page = await (_page_from if asked.argument else _next_page)(asked)
    stored = await asked.read(papers.get_many, [item.paper for item in page.items])
    found = said.Page(
        page=page,
        sections=[asked.topic_name(topic) for topic in page.digest.sections],
        papers=stored,
        summaries=await summaries_of(asked, list(stored.values()), Deadline.within(WAITED_FOR)),
    )
    return asked.to_chat(said.more(found, asked.frame))


async def paper(asked: Asked) -> Reply:
    """One paper's card with its whole abstract, and its place in this chat's digest."""
    found = await known_paper(asked)
    desk, deadline = asked.context.desk, Deadline.within(WAITED_FOR)
    summary = (await summaries_of(asked, [found], deadline)).get(found.id)
    if summary is not None:
        summary = await with_abstract(
            db=desk.db, engines=desk.engines, paper=found, summary=summary, deadline=deadline
        )
    held = await asked.read(digests.holding, asked.chat.key, found.id)
    return asked.to_chat(said.paper(found, summary, held, asked.frame))


async def _next_page(asked: Asked) -> said.LeftOvers:
    if asked.chat.key == UNSTORED:
        raise UserError("more.no_digest")
    page = await next_page(asked.context.db, asked.chat, _page_size(asked))
    if page is None:
        raise UserError("more.no_digest")
    return page


async def _page_from(asked: Asked) -> said.LeftOvers:
    named = parse_paper_id(asked.argument)
    size = _page_size(asked)
    page = await page_from(asked.context.db, asked.chat, named[0], size) if named else None
    if page is None:
        raise UserError("more.unknown", typed=asked.argument)
    return page


def _page_size(asked: Asked) -> int:
    """What fits into one message, whatever the digests' length."""
    return min(asked.chat.length, MOST_ON_A_PAGE)


async def summaries_of(
    asked: Asked, wanted: Sequence[Paper], deadline: Deadline
) -> Mapping[PaperId, Summary]:
    """A summary of each paper in the chat's language."""
    return await summaries(
        db=asked.context.db,
        engines=asked.context.desk.engines,
        papers=wanted,
        lang=asked.lang,
        deadline=deadline,
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
