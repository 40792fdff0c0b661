"""Documents as Slack's posts: Block Kit within Slack's limits, and what its buttons say.

Pure, and knows no library of Slack's. Text is only ever plain or rich text, never markup:
nothing of a paper or a person can mention, link or format.
"""

from formatters.slack.fitting import home, one_post, posts
from formatters.slack.post import Post, from_payload, merged, to_payload
from formatters.slack.renderer import SlackRenderer
from formatters.slack.taps import Tap, read_tap, tap_value

__all__ = [
    "Post",
    "SlackRenderer",
    "Tap",
    "from_payload",
    "home",
    "merged",
    "one_post",
    "posts",
    "read_tap",
    "tap_value",
    "to_payload",
]
