"""Who made a subscription: kept with it, forgotten with them, and what it gives the right to."""

import json

import pytest
from fake_source import Talk

from bot.commands.request import AccessRules
from storage import chats, subscriptions
from storage.models import Lang, Platform

ANNA, BRISK = 5, 6
ROOM = "-1004200"


class Group(Talk):
    """A group whose admins alone manage it; `makers_manage` as a test sets it."""

    def __init__(self, folder, lang: Lang = Lang.EN) -> None:
        super().__init__(folder, lang, access=AccessRules(open=True))
        self.makers_manage = True

    async def say(self, text: str, user: int, *, admin: bool = False) -> str:
        async def may_manage() -> bool:
            return admin

        said = await self.tell(
            text, user=user, room=ROOM, may_manage=may_manage, makers_manage=self.makers_manage
        )
        assert said is not None
        return said

    async def made(self) -> dict[str, str]:
        """Topic → who made it."""
        chat = await self.db.read(chats.find, Platform.TELEGRAM, ROOM)
        found = await self.db.read(subscriptions.of_chat, chat.key) if chat else []
        return {subscription.topic: subscription.maker for subscription in found}


@pytest.fixture
def group(tmp_path):
    group = Group(tmp_path)
    yield group
    group.close()


async def test_a_subscription_keeps_its_maker_whoever_changes_it(group):
    await group.say("/subscribe cs.CV", ANNA)
    await group.say("/subscribe cs.CV max 3", BRISK, admin=True)
    await group.say("/pause 7d", BRISK, admin=True)
    await group.say("/resume", BRISK, admin=True)
    assert await group.made() == {"cs.CV": "telegram:5"}


async def test_makers_manage_what_is_theirs(group):
    assert "Subscribed" in await group.say("/subscribe cs.CV", ANNA)
    assert "options updated" in await group.say("/subscribe cs.CV max 3", ANNA)
    await group.say("/choose #1 at 08:30", ANNA)
    assert not group.reply.failed
    assert "Paused" in await group.say("/pause 7d", ANNA)
    assert "come again" in await group.say("/resume", ANNA)
    assert "Unsubscribed" in await group.say("/unsubscribe 1", ANNA)
    assert await group.made() == {}


async def test_makers_change_nothing_of_what_others_made(group):
    await group.say("/subscribe cs.CV", ANNA)
    await group.say("/subscribe cs.RO", BRISK)
    refused = ("/unsubscribe cs.CV", "/subscribe cs.CV max 3", "/choose #1 at 08:30")
    for line in (*refused, "/unsubscribe all", "/pause", "/resume"):
        said = await group.say(line, BRISK)
        assert "by who made it or by this chat's admins" in said, line
        assert group.reply.failed
    assert "Only this chat's admins" in await group.say("/settings lang zh", BRISK)
    assert await group.made() == {"cs.CV": "telegram:5", "cs.RO": "telegram:6"}
    assert "Unsubscribed" in await group.say("/unsubscribe all", BRISK, admin=True)


async def test_where_only_admins_manage_makers_have_no_say(group):
    await group.say("/subscribe cs.CV", ANNA)
    group.makers_manage = False
    for line in ("/subscribe cs.RO", "/unsubscribe 1", "/pause"):
        assert "Only this chat's admins" in await group.say(line, ANNA)
    await group.say("/subscriptions", ANNA)
    assert list(group.buttons) == ["Send 1 now"]


async def test_the_list_offers_each_their_own(group):
    await group.say("/subscribe cs.CV", ANNA)
    await group.say("/subscribe cs.RO", BRISK)
    await group.say("/subscriptions", BRISK)
    assert list(group.buttons) == ["Send 1 now", "Send 2 now", "Change 2", "Delete 2"]
    await group.say("/subscriptions", BRISK, admin=True)
    assert list(group.buttons)[-1] == "Pause for 7 days"


async def test_whose_maker_is_not_known_only_admins_change(group):
    await group.say("/subscribe cs.CV", ANNA)
    await group.db.write(subscriptions.disown, "telegram:5")
    assert "by who made it" in await group.say("/unsubscribe 1", ANNA)
    assert await group.made() == {"cs.CV": ""}


async def test_a_refusal_is_said_in_the_chats_own_language(tmp_path):
    chinese = Group(tmp_path, Lang.ZH)
    await chinese.say("/订阅 cs.CV", ANNA)
    assert "只能由创建者或本会话的管理员修改" in await chinese.say("/退订 1", BRISK)
    chinese.close()


async def test_who_is_forgotten_leaves_their_subscriptions_to_the_chat(group):
    await group.say("/subscribe cs.CV", ANNA)
    await group.say("/subscribe cs.RO", BRISK)
    await group.say("/forget", ANNA, admin=True)
    kept = json.loads(group.reply.files[0].content)
    assert [s["maker"] for s in kept["subscriptions"]] == ["telegram:5", "telegram:6"]
    await group.tell("/forget yes", user=ANNA)
    assert await group.made() == {"cs.CV": "", "cs.RO": "telegram:6"}
