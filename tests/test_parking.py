"""Who subscribed a chat is told that it can't be reached any more, once, and how to mend it."""

import asyncio
from dataclasses import replace

import pytest
from collecting import subscription_of
from office import Office
from posting import NOW

from formatters.compose.replies.parking import MOST_NAMED, Lost, parked
from formatters.parts import TerminalRenderer
from formatters.telegram import TelegramRenderer
from formatters.terminal import render
from jobs import topics
from jobs.deliver import Deliverer
from jobs.parking import Parking
from jobs.ports import Rejected
from storage import access, chats, outbox, subscriptions
from storage.errors import StorageError
from storage.models import DraftPart, Lang, OutOfReach, Platform

TELEGRAM, SLACK = Platform.TELEGRAM, Platform.SLACK
GROUP, CHANNEL = "-1004200", "C0123ABCD"
KICKED = Rejected("Forbidden: bot was kicked", gone=True, cause=OutOfReach.REMOVED)


def topic_name(text: str, lang: Lang) -> str:
    return topics.name_of(topics.parse(text, default_categories=("cs.CV",)), lang)


class Round:
    """Two platforms, chats with subscriptions, and what is sent where."""

    def __init__(self, folder) -> None:
        self.office = Office(folder)
        self.db, self.platform = self.office.db, self.office.platform
        self.parking = Parking(
            dict.fromkeys((TELEGRAM, SLACK), TerminalRenderer(columns=200, colour=False)),
            topic_name,
        )
        self.use(self.parking.tell)

    def use(self, told) -> None:
        self.deliverer = Deliverer(
            db=self.db,
            messengers=dict.fromkeys((TELEGRAM, SLACK), self.platform),
            clock=self.office.clock,
            look_again=self.office.looks.append,
            parked=told,
        )

    async def chat(self, address: str, *made: tuple[str, str], platform=TELEGRAM, lang=Lang.EN):
        """A chat whose next part is refused; `made` are topics with who subscribed to them."""

        def store(tx):
            chat = chats.ensure(tx, platform, address, lang=lang, tz="UTC")
            for topic, maker in made:
                draft = replace(subscription_of(chat.key, topic, NOW), maker=maker)
                subscriptions.add(tx, draft)
            outbox.enqueue(tx, chat.key, [DraftPart(address)], NOW)
            return chat.key

        return await self.db.write(store)

    async def lose(self, address: str, error: Rejected = KICKED) -> None:
        """Deliver; the chat's part is refused, and all that follows is sent."""
        self.platform.failures[address].append(error)
        await self.deliver()
        await self.deliver()

    async def deliver(self) -> None:
        await self.deliverer.deliver()
        await self.deliverer.drained()

    @property
    def told(self) -> dict[str, str]:
        """What each private chat was told last."""
        return {part.address: part.payload for part in self.platform.parts}


@pytest.fixture
async def stage(tmp_path):
    stage = Round(tmp_path)
    yield stage
    stage.db.close()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            Lang.EN,
            [
                "Digests can't be delivered to the chat -1004200 any more: I was removed there.",
                "2 subscriptions of yours rest: Multimodal learning, cs.RO",
                "To have them again, add me there, then say /resume in it.",
            ],
        ),
        (
            Lang.ZH,
            [
                "无法再向会话 -1004200 推送：我已被移出。",
                "你的 2 个订阅已停止推送：多模态、cs.RO",
                "恢复方法：把我重新加进去，再在那里发送 /resume",
            ],
        ),
    ],
)
async def test_the_maker_hears_what_happened_what_rests_and_the_way_back(stage, lang, said):
    made = (("multimodal", "telegram:5"), ("cs.RO", "telegram:5"))
    key = await stage.chat(f"{GROUP}/12", *made, lang=lang)
    await stage.lose(f"{GROUP}/12")
    assert (await stage.db.read(chats.get, key)).parked == "Forbidden: bot was kicked"
    assert list(stage.told) == ["5"]
    assert [line for line in stage.told["5"].splitlines() if line] == said


async def test_on_slack_the_way_back_is_an_invitation(stage):
    await stage.chat(CHANNEL, ("cs.CV", "slack:U7"), platform=SLACK)
    cause = OutOfReach.NOT_IN_CHANNEL
    await stage.lose(CHANNEL, Rejected("not_in_channel", gone=True, cause=cause))
    assert "the chat C0123ABCD any more: I am not in it." in stage.told["U7"]
    assert "/invite @paperround there, then @paperround resume" in stage.told["U7"]


async def test_each_maker_hears_of_their_own_topics_alone(stage):
    made = (("cs.CV", "telegram:5"), ("cs.RO", "telegram:6"), ("cs.CL", ""))
    await stage.chat(GROUP, *made)
    await stage.lose(GROUP)
    assert set(stage.told) == {"5", "6"}
    assert "rests: cs.CV\n" in stage.told["5"]
    assert "rests: cs.RO\n" in stage.told["6"]


async def test_a_chat_that_an_admin_let_in_is_called_by_its_title(stage):
    await stage.db.write(
        access.decide, TELEGRAM, GROUP, allowed=True, title="Reading group", now=NOW
    )
    await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    await stage.lose(GROUP)
    assert "delivered to “Reading group” any more" in stage.told["5"]


async def test_the_word_is_in_the_language_of_who_hears_it(stage):
    await stage.db.write(chats.ensure, TELEGRAM, "5", lang=Lang.ZH, tz="UTC")
    await stage.chat(GROUP, ("multimodal", "telegram:5"))
    await stage.lose(GROUP)
    assert "你的 1 个订阅已停止推送：多模态" in stage.told["5"]


async def test_it_is_said_once_for_each_parking(stage):
    key = await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    await stage.lose(GROUP)
    await stage.deliver()
    assert len(stage.platform.parts) == 1
    await stage.db.write(chats.park, key, None)
    await stage.lose(GROUP)
    assert [part.address for part in stage.platform.parts] == ["5", "5"]


async def test_what_was_parked_while_a_part_was_on_its_way_keeps_its_reason_and_is_silent(stage):
    key = await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    stage.platform.gate[GROUP] = asyncio.Event()
    stage.platform.failures[GROUP].append(KICKED)
    await stage.deliverer.deliver()
    await stage.platform.started.wait()
    await stage.db.write(chats.park, key, chats.SHUT_OUT)
    stage.platform.gate[GROUP].set()
    await stage.deliverer.drained()
    await stage.deliver()
    assert (await stage.db.read(chats.get, key)).parked == chats.SHUT_OUT
    assert not stage.told


async def test_a_chat_that_is_erased_while_a_part_is_on_its_way_needs_no_word(stage):
    key = await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    stage.platform.gate[GROUP] = asyncio.Event()
    stage.platform.failures[GROUP].append(KICKED)
    await stage.deliverer.deliver()
    await stage.platform.started.wait()
    await stage.db.write(chats.erase, key)
    stage.platform.gate[GROUP].set()
    await stage.deliverer.drained()
    await stage.deliver()
    assert not stage.told


@pytest.mark.parametrize(
    ("platform", "address", "maker"),
    [
        (TELEGRAM, "5", "telegram:5"),
        (TELEGRAM, "5/12", "telegram:5"),
        (SLACK, "U7", "slack:U7"),
        (SLACK, "D0456", "slack:U7"),
        (TELEGRAM, GROUP, ""),
        (TELEGRAM, GROUP, "terminal:local"),
        (TELEGRAM, GROUP, f"telegram:{GROUP}"),
        (TELEGRAM, GROUP, "telegram:-1007"),
        (SLACK, CHANNEL, "telegram:5"),
    ],
)
async def test_nobody_hears_of_their_own_chat_nor_without_a_private_one(
    stage, platform, address, maker
):
    await stage.chat(address, ("cs.CV", maker), platform=platform)
    await stage.lose(address)
    assert not stage.platform.parts
    [chat] = await stage.db.read(chats.of_platform, platform)
    assert chat.parked is not None


async def test_who_can_not_be_written_to_is_skipped_and_the_others_hear(stage):
    away = await stage.db.write(chats.ensure, TELEGRAM, "5", lang=Lang.EN, tz="UTC")
    await stage.db.write(chats.park, away.key, "blocked by the user")
    await stage.db.write(access.decide, TELEGRAM, "6", allowed=False, title="", now=NOW)
    made = (("cs.CV", "telegram:5"), ("cs.RO", "telegram:6"), ("cs.CL", "telegram:7"))
    await stage.chat(GROUP, *made)
    await stage.lose(GROUP)
    assert set(stage.told) == {"7"}
    assert await stage.db.read(chats.find, TELEGRAM, "6") is None


async def test_a_word_that_can_not_be_delivered_leads_to_no_other(stage):
    await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    renderer = stage.parking.renderers[TELEGRAM]
    lost = Lost(TELEGRAM, GROUP, "", ("cs.CV",), KICKED.cause, str(KICKED))
    [word] = renderer.notice(parked(lost, Lang.EN))
    stage.platform.failures[word.payload].append(Rejected("never started", gone=True))
    await stage.lose(GROUP)
    await stage.deliver()
    assert not stage.told
    assert (await stage.db.read(outbox.queue)).parked_chats == 2


async def test_the_word_is_sent_without_waiting_for_the_next_look(stage):
    await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    stage.platform.failures[GROUP].append(KICKED)
    await stage.deliver()
    assert stage.office.looks == [NOW]


async def test_a_word_that_can_not_be_stored_leaves_the_chat_as_it_was_until_it_can(stage):
    key = await stage.chat(GROUP, ("cs.CV", "telegram:5"))
    full = [StorageError("the disk is full")]
    seen = []

    def tell(tx, *rest) -> None:
        stage.parking.tell(tx, *rest)
        seen.append(len(chats.of_platform(tx, TELEGRAM)))
        if full:
            raise full.pop()

    stage.use(tell)
    await stage.lose(GROUP)
    assert seen == [2, 2]
    assert len(stage.platform.parts) == 1
    assert (await stage.db.read(chats.get, key)).parked is not None


async def test_on_telegram_the_word_is_a_message_of_its_form(stage):
    stage.parking = replace(stage.parking, renderers={TELEGRAM: TelegramRenderer()})
    stage.use(stage.parking.tell)
    await stage.chat(GROUP, ('"<b> & LoRA"', "telegram:5"))
    await stage.lose(GROUP)
    assert "&lt;b&gt; &amp; LoRA" in stage.told["5"]


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("platform", [TELEGRAM, SLACK])
def test_every_cause_has_its_words_and_its_way_back(platform, lang):
    causes = [None, *OutOfReach]
    said = {
        render(parked(Lost(platform, "C1", "", ("cs.CV",), cause, "odd_word."), lang), columns=200)
        for cause in causes
    }
    assert len(said) == len(causes)
    assert [words.count("odd_word") for words in said].count(1) == 1
    assert not any(".." in words or "。。" in words for words in said)


def test_many_long_topics_make_a_short_word():
    named = tuple(f"topic {n} {'x' * 500}" for n in range(MOST_NAMED + 5))
    lost = Lost(TELEGRAM, GROUP, "Title\nwith a line break" * 20, named, None, "odd\nword " * 99)
    document = parked(lost, Lang.EN)
    text = "".join(span.text for block in document.blocks for span in block.text)
    assert f"{MOST_NAMED + 5} subscriptions of yours rest: topic 0 " in text
    assert text.count("topic ") == MOST_NAMED
    assert len(text) < 1_500
    assert "\n" not in text
