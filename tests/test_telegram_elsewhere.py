"""What a line says about another chat, what is heard, where links lead; and private answers."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
from absurd import LINES
from digest_stage import study
from hypothesis import assume, given
from hypothesis import strategies as st
from telegram import Message, User
from telegram_faults import broken
from telegram_stage import BOSS, telegram_stage

from bot.commands.line import read_line
from bot.commands.names import TABLE
from bot.telegram.deep_links import link, read_paper, to_paper
from bot.telegram.elsewhere import carried, is_talk, split_line
from bot.telegram.hearing import Heard, hear
from bot.telegram.places import Place, person_of, place_of, read_address
from formatters.document import Button, Buttons, Document
from formatters.text import strip_controls
from jobs.arxiv_ids import parse_paper_id

US = User(42, "Paper Round", is_bot=True, username="paper_round_bot")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada"}
LAB = {"id": -1001, "type": "supergroup", "title": "Lab"}


def as_read(text: str) -> str:
    """A line as commands are read."""
    return " ".join(strip_controls(normalize("NFKC", text)).split())


chats = st.integers(min_value=-(10**16), max_value=-10_000)
threads = st.integers(min_value=1, max_value=10**9)
places = st.builds(Place, chats, st.none() | threads)
new_ids = st.builds(
    "{:02}{:02}.{:05}".format, st.integers(15, 40), st.integers(1, 12), st.integers(1, 99_999)
)
old_ids = st.builds(
    "{}/{}{:02}{:03}".format,
    st.sampled_from(["cs", "hep-th", "cond-mat"]),
    st.integers(92, 99),
    st.integers(1, 12),
    st.integers(1, 999),
)
papers = new_ids | old_ids
commands = st.sampled_from([f"/{command.name}" for command in TABLE])
words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
lines = st.lists(words, max_size=5).map(lambda said: as_read(" ".join(said)))


@given(commands, lines, places)
def test_whatever_a_button_carries_along_is_found_again(command, argument, place):
    said = f"{command} {argument}".strip()
    assume(said.count('"') % 2 == 0)
    assume(split_line(said) == (said, None))
    document = Document((Buttons((Button("Go", said, turns=True),)),))
    [row] = carried(document, place).blocks
    assert (row.buttons[0].label, row.buttons[0].turns) == ("Go", True)
    line, named = split_line(row.buttons[0].command)
    assert line == said
    assert read_address(named) == place


@given(lines, st.sampled_from(["to", "到", "in", "在"]), st.sampled_from(["@papers", "-100123"]))
def test_what_is_no_command_names_no_chat(line, word, chat):
    said = f"{line} {word} {chat}"
    assume(is_talk(said))
    assert split_line(said) == (said, None)


@given(st.text(alphabet='/ 到给在to\n"@abc-1234567890订阅sub推送', max_size=80))
def test_a_line_that_is_split_is_a_command_that_stands_in_the_text(text):
    line, named = split_line(text)
    if named is None:
        assert line == text
    else:
        assert read_line(line).command is not None
        assert named in text
        assert not set(line) - set(text)


@pytest.mark.parametrize(
    "line",
    [
        "/search somebody@papers.org",
        "/search write to somebody@papers.org",
        "/search write to @papers.org",
        "/search image to @x",
        "/search results for -2024",
        "/search advances in -12345",
        "/search cooled to -196",
        "搜索 温度降到-20",
        "/search theory of -1234567890",
        "/subscribe text-to-image -100200300400",
        "/subscribe the number of -100",
        "/subscribe 从文本到图像 -12345",
        "/subscribe 写信给me@papers",
        '/search "talk to @papers"',
        '/search "talk to @papers again" OR agents',
        "/search to@papers",
        "/pause 到 10-08",
        "/pause until 2026-10-08",
        "/approve telegram:-1001234567890",
        "/paper https://arxiv.org/abs/2602.06043",
        "/nonsense to @papers",
        "Join us in @papers",
        "2602.06043 to @papers",
        "@papers",
        "/subscribe " + "x" * 4_000 + " to @papers",
    ],
)
def test_a_line_that_ends_only_a_little_like_it_names_no_chat(line):
    assert split_line(line) == (line, None)


@pytest.mark.parametrize(
    ("line", "command", "chat"),
    [
        ("/subscribe 多模态 at 08:30 to @papers", "/subscribe 多模态 at 08:30", "@papers"),
        ("/subscribe multimodal to @papers at 08:30", "/subscribe multimodal at 08:30", "@papers"),
        ("/subscribe to @papers", "/subscribe", "@papers"),
        ("/subscribe  text to\nimage  TO  @papers", "/subscribe text to image", "@papers"),
        ('/subscribe "text to image" to @papers', '/subscribe "text to image"', "@papers"),
        ("订阅 多模态 到 @papers", "订阅 多模态", "@papers"),
        ("订阅多模态到@papers", "订阅多模态", "@papers"),
        ("订阅 从文本到图像 推送到@papers", "订阅 从文本到图像", "@papers"),
        ("订阅 多模态 到 @papers 每天 8:30", "订阅 多模态 每天 8:30", "@papers"),
        ("我的订阅 在 @papers", "我的订阅", "@papers"),
        ("/subscriptions of @papers", "/subscriptions", "@papers"),
        ("/digest 1 for -1001234567890", "/digest 1", "-1001234567890"),
        ("/digest #3 to -1001234567890/15", "/digest #3", "-1001234567890/15"),
        ("/pause 7d to -471100", "/pause 7d", "-471100"),
        ("/subscribe multimodal to @\u2060papers", "/subscribe multimodal", "@papers"),
        ("／订阅 多模态 到 ＠papers", "/订阅 多模态", "@papers"),
    ],
)
def test_a_command_may_name_the_chat_that_it_is_about(line, command, chat):
    assert split_line(line) == (command, chat)


@pytest.mark.parametrize("name", LINES)
def test_the_longest_message_names_no_chat(name):
    command, _ = split_line(LINES[name].whole)
    assert command.startswith("/search")


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("continual learning", True),
        ("每天 8:30", True),
        ("more", False),
        ("我的订阅", False),
        ("/subscribe", False),
        ("2602.06043", False),
        ("https://arxiv.org/abs/2602.06043", False),
        ("", False),
    ],
)
def test_talk_is_what_may_answer_a_question(text, talk):
    assert is_talk(text) == talk


@given(papers, st.none() | places)
def test_a_link_opens_the_paper_where_it_stood(paper, place):
    payload = to_paper(paper, place.chat, place.thread) if place else to_paper(paper)
    assert len(payload) <= 64
    assert not set(payload) - set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert read_paper(payload) == (paper, place.address if place else None)
    assert link("paper_round_bot", payload) == f"https://t.me/paper_round_bot?start={payload}"


@given(st.from_regex(r"(paper_)?[a-z0-9_-]{0,40}", fullmatch=True))
def test_no_payload_opens_anything_but_a_paper(payload):
    found = read_paper(payload)
    assert found is None or parse_paper_id(found[0]) == (found[0], None)


@given(places)
def test_an_address_is_read_as_it_was_written(place):
    assert read_address(place.address) == place
    assert place.address.startswith(place.room)


def message(text: str, *, chat: dict = LAB, **fields: object) -> Message:
    known = {"message_id": 5, "date": 0, "chat": chat, "from": ADA, "text": text} | fields
    return Message.de_json(known, None)


def reply_to_us(text: str, **fields: object) -> Message:
    ours = {"message_id": 4, "date": 0, "chat": LAB, "from": US.to_dict(), "text": "Which?"}
    return message(text, reply_to_message=ours, **fields)


def private(text: str, **fields: object) -> Message:
    return message(text, chat={"id": 7, "type": "private", "first_name": "Ada"}, **fields)


@pytest.mark.parametrize(
    "text",
    [
        "/roll 2d6", "/subscribe@other_bot llm", "/SUBSCRIBE@Other_Bot llm", "/usr/bin", "/", "//",
        "good morning", "subscribe llm", "@paper_round_bot2 help", "@paper_round_bots help",
        "ask @paper_round_bot help", "x@paper_round_bot help", "2602.06043",
    ],
)  # fmt: skip
def test_what_is_not_said_to_us_is_not_heard_in_a_group(text):
    assert hear(message(text), US) is None


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/subscribe llm", Heard("/subscribe llm")),
        ("/Subscribe@Paper_Round_Bot llm", Heard("/Subscribe@Paper_Round_Bot llm")),
        ("/roll@paper_round_bot", Heard("/roll@paper_round_bot")),
        ("/subscribe@paper_round_bot多模态", Heard("/subscribe@paper_round_bot多模态")),
        ("/subscribe\u3000多模态", Heard("/subscribe\u3000多模态")),
        ("／subscribe llm", Heard("／subscribe llm")),
        ("/订阅 多模态", Heard("/订阅 多模态")),
        ("/access", Heard("/access", addressed=False)),
        ("/access@paper_round_bot", Heard("/access@paper_round_bot")),
        ("@paper_round_bot 订阅 多模态", Heard("订阅 多模态")),
        ("@Paper_Round_Bot，订阅多模态", Heard("订阅多模态")),
        ("@paper_round_bot订阅多模态", Heard("订阅多模态")),
        ("@paper_round_bot", Heard("")),
    ],
)
def test_what_is_said_to_us_is_heard_in_a_group(text, heard):
    assert hear(message(text), US) == heard


def test_a_reply_to_us_may_answer_a_question():
    assert hear(reply_to_us("diffusion"), US) == Heard("diffusion", addressed=False)
    assert hear(reply_to_us("/roll"), US) is None
    assert hear(reply_to_us(""), US) is None


def test_other_bots_are_not_heard_but_a_groups_anonymous_admins_are():
    robot = {"id": 8, "is_bot": True, "first_name": "Robot"}
    assert hear(message("/help", **{"from": robot}), US) is None
    assert hear(message("/help", via_bot=robot), US) is None
    channel = {"id": -1002, "type": "channel", "title": "Elsewhere"}
    assert hear(message("/help", **{"from": robot}, sender_chat=channel), US) is None
    hidden = message("/help", **{"from": robot}, sender_chat=LAB)
    assert hear(hidden, US) == Heard("/help")
    assert person_of(hidden) == "telegram:-1001"


def test_in_private_everything_is_said_to_us_but_what_names_another_bot():
    assert hear(private("good morning"), US) == Heard("good morning")
    assert hear(private("/roll"), US) == Heard("/roll")
    assert hear(private("/help@other_bot"), US) is None


def test_a_hidden_link_to_a_paper_is_read_where_the_text_names_none():
    url = "https://arxiv.org/abs/2602.06043"
    hidden = [{"type": "text_link", "offset": 0, "length": 4, "url": url}]
    assert hear(private("this", entities=hidden), US) == Heard("2602.06043")
    assert hear(private("2602.00001", entities=hidden), US) == Heard("2602.00001")
    assert hear(private("/more", entities=hidden), US) == Heard("/more")


def test_a_thread_is_a_topic_only_in_a_forum():
    assert place_of(message("x", message_thread_id=9)) == Place(-1001)
    assert place_of(message("x", message_thread_id=9, is_topic_message=True)) == Place(-1001, 9)


@pytest.fixture
async def stage(tmp_path):
    """A group with its morning's digest, and the boss alone let in privately."""
    async with telegram_stage(tmp_path) as stage:
        boss = await stage.boss()
        people = [stage.server.user(name) for name in ("Ada", "Bo")]
        stage.lab = stage.server.group("Lab", people, (boss,))
        await boss.asks("/subscribe multimodal", stage.lab)
        studies = [study(n, "multimodal large language models") for n in range(1, 21)]
        await stage.morning(date(2026, 2, 4), *studies)
        stage.digest = stage.lab.last
        stage.ada, stage.bo = people
        stage.ada.started = True
        stage.lab.unread()
        yield stage
        await stage.server.quiet()
        assert {call.description for call in stage.server.refused} <= {NEVER_OPENED, UNKNOWN}
        assert stage.server.violations == []


NEVER_OPENED = "Forbidden: bot can't initiate conversation with a user"
UNKNOWN = "Bad Request: chat not found"


async def test_a_number_opens_the_card_privately_and_the_group_sees_nothing(stage):
    ada, lab = stage.ada, stage.lab
    tap = await ada.taps(stage.digest, "3")
    assert (tap.text, tap.alert, tap.url) == ("Sent to you privately.", False, "")
    card = await ada.private.next()
    assert "Invented Study 3" in card.text
    assert "matched ti: multimodal" in card.text
    assert card.labels == ["Save", "👍", "👎", "◀ 2", "4 ▶"]
    assert all(button.data.endswith(f" to {lab.id}") for button in card.buttons)
    await ada.taps(card, "4 ▶")
    assert "Invented Study 4" in (await ada.private.edited(card)).text
    await ada.taps(card, "◀ 3")
    assert "Invented Study 3" in (await ada.private.edited(card, 2)).text
    tap = await ada.taps(card, "Save")
    assert tap.text.startswith("Saved: Invented Study 3")
    assert await stage.query("SELECT person, paper FROM saved") == [
        {"person": f"telegram:{ada.id}", "paper": "2602.00003"}
    ]
    await stage.server.quiet()
    assert lab.unread() == []
    assert stage.digest.edits == 0


async def test_who_never_opened_the_bot_gets_a_link_to_the_card(stage):
    bo, lab = stage.bo, stage.lab
    tap = await bo.taps(stage.digest, "3")
    assert tap.url == f"https://t.me/paper_round_bot?start=paper_2602-00003_{lab.id}"
    await bo.starts(tap.url.partition("start=")[2])
    card = await bo.private.next()
    assert "For Lab" in card.text
    assert "Invented Study 3" in card.text
    assert card.labels == ["Save", "👍", "👎", "◀ 2", "4 ▶"]
    await bo.taps(card, "4 ▶")
    assert "Invented Study 4" in (await bo.private.edited(card)).text
    assert lab.unread() == []


async def test_more_pages_privately_and_turns_in_place(stage):
    ada, lab = stage.ada, stage.lab
    tap = await ada.taps(stage.digest, "More")
    assert tap.text == "Sent to you privately."
    page = await ada.private.next()
    assert "9. Invented Study 9" in page.text
    assert page.labels[-1] == "17–20 ▶"
    await ada.taps(page, "17–20 ▶")
    assert "17. Invented Study 17" in (await ada.private.edited(page)).text
    await ada.taps(page, "18")
    assert "Invented Study 18" in (await ada.private.next()).text
    tap = await stage.bo.taps(stage.digest, "More")
    assert tap.alert
    assert "tap Start first" in tap.text
    assert lab.unread() == []


async def test_who_left_a_group_uses_it_no_more(stage):
    ada, lab = stage.ada, stage.lab
    await ada.taps(stage.digest, "3")
    card = await ada.private.next()
    await lab.remove_member(ada)
    tap = await ada.taps(card, "4 ▶")
    assert tap.alert
    assert "Lab" not in tap.text
    await ada.taps(card, "Save")
    assert card.edits == 0
    assert await stage.query("SELECT * FROM saved") == []


@pytest.mark.parametrize("asker", ["a stranger", "the boss"])
async def test_who_guesses_a_groups_id_does_not_even_learn_that_there_is_one(stage, asker):
    eve = stage.server.users[BOSS] if asker == "the boss" else stage.server.user("Eve")
    secret = stage.server.group("Secret", (stage.ada,))
    said = set()
    for room in (secret.id, -1009999999999):
        for line in (f"/subscriptions to {room}", f"/start paper_2602-00003_{room}"):
            said.add((await eve.asks(line)).text.replace(str(room), "…"))
            stage.clock.set(stage.clock.now() + timedelta(hours=2))
    assert len(said) == 1


async def test_a_group_that_became_a_supergroup_is_found_by_its_old_id(stage):
    ada, boss = stage.ada, stage.server.users[BOSS]
    await ada.taps(stage.digest, "3")
    card = await ada.private.next()
    moved = await stage.lab.migrate()
    await stage.server.quiet()
    await ada.taps(card, "4 ▶")
    assert "Invented Study 4" in (await ada.private.edited(card)).text
    assert all(button.data.endswith(f" to {moved.id}") for button in card.buttons)
    assert "1. Multimodal" in (await boss.asks(f"/subscriptions to {stage.lab.id}")).text
    stage.server.log.clear()


async def test_a_telegram_that_does_not_answer_who_is_where_is_told_as_our_trouble(stage):
    boss = stage.server.users[BOSS]
    stage.server.fail(broken(), on="getChatMember")
    answer = await boss.asks(f"/subscriptions to {stage.lab.id}")
    assert "not on your side" in answer.text
