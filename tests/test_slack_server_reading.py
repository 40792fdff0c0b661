"""How the loopback Slack reads what an app writes: mentions, links, formatting."""

import pytest
import slack_texts as texts
from slack_messages import Message
from slack_texts import Link
from slack_world import World

URL = "https://example.org/"


@pytest.mark.parametrize(
    ("text", "plain_text", "mentions", "links"),
    [
        ("a &lt;!channel&gt; &amp;lt;", "a <!channel> &lt;", (), ()),
        ("<!channel> <!here|@here>", "@channel @here", ("!channel", "!here"), ()),
        ("<@U1> <#C1|lab>", "@U1 lab", ("@U1", "#C1"), ()),
        ("<!subteam^S1|@crew>", "@crew", ("!subteam^S1",), ()),
        ("<!date^1^{date}|today>", "today", (), ()),
        (f"<{URL}|A &amp; B>", "A & B", (), (Link(URL, "A & B"),)),
        (f"<{URL}>", URL, (), (Link(URL),)),
        ("x < y and y > z, <b>", "x < y and y > z, <b>", (), ()),
        (f"see {URL}.", f"see {URL}.", (), (Link(URL, bare=True),)),
        ("see github.com/x", "see github.com/x", (), (Link("github.com/x", bare=True),)),
        ("ask @here, a@here.x", "ask @here, a@here.x", ("!here",), ()),
        ("arXiv 2602.00001v2 U.S.", "arXiv 2602.00001v2 U.S.", (), ()),
    ],
)
def test_mrkdwn_is_read_as_slack_reads_it(text, plain_text, mentions, links):
    read = texts.mrkdwn(text)
    assert (read.plain, read.mentions, read.links) == (plain_text, mentions, links)
    quiet = texts.mrkdwn(text, verbatim=True)
    assert [each for each in quiet.links if each.bare] == []


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("*b* _i_ ~s~ `c`", [("code", "c"), ("bold", "b"), ("italic", "i"), ("strike", "s")]),
        ("a*b*c R_1 and x_2, 2 * 3 * 4", []),
        ("&gt; said", [("quote", "said")]),
        ("```x\ny```", [("pre", "x\ny")]),
        (":eyes: at 10:30:20", [("emoji", "eyes")]),
    ],
)
def test_formatting_is_recognised(text, styles):
    assert list(texts.mrkdwn(text).styles) == styles


def test_a_message_tells_all_that_it_sets_off():
    lab = World(now=float).channel("lab")
    line = [
        {"type": "broadcast", "range": "channel"},
        {"type": "user", "user_id": "U1"},
        {"type": "link", "url": URL, "text": "here"},
        {"type": "text", "text": "b", "style": {"bold": True}},
    ]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": line}]}
    mark = {"type": "markdown", "text": f"# H\n**b** [l]({URL}) <@U2>"}
    shout = {"type": "plain_text", "text": "<!here> @here"}
    button = {"type": "button", "text": shout, "action_id": "a"}
    safe = {"type": "section", "fields": [shout], "accessory": button}
    quiet = {"type": "mrkdwn", "text": "@here www.x.org", "verbatim": True}
    blocks = [rich, mark, safe, {"type": "context", "elements": [quiet]}]
    message = Message(lab, "1.1", "<!here>", blocks)
    assert message.mentions == ("!channel", "@U1", "@U2", "!here")
    assert message.urls == [URL, URL]
    assert message.read.styles == (("bold", "b"), ("bold", "b"), ("heading", "H"))
    assert message.labels == ["<!here> @here"]
    assert message.characters == sum(
        map(len, ("here", "b", mark["text"], *[shout["text"]] * 2, quiet["text"]))
    )
