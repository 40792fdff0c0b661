"""What the app asks of a workspace: commands, scopes, events. The manifests have just these."""

SLASH_COMMANDS = (
    "/paperround",
    "/subscribe",
    "/subscriptions",
    "/unsubscribe",
    "/digest",
    "/analyze",
    "/ask",
    "/paper",
    "/saved",
    "/topics",
)
"""The umbrella takes every command; the others are short cuts, none a name of Slack's own."""
BOT_SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
HISTORY_SCOPES = ("channels:history", "groups:history")
"""Beside the others with SLACK_VERIFY_POSTS: a post in doubt is looked up."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
LOOKUP = "look_up_paper"
"""The callback id of the shortcut on messages."""
PATH = "/slack/events"
"""Where Slack calls in HTTP mode: with commands, events and interactions alike."""
