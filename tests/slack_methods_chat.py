"""The loopback Slack's methods that write: chat.*, reactions.add, files.*."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import slack_checks as checks
from slack_channels import Channel
from slack_messages import File, Message
from slack_refusals import Refusal

if TYPE_CHECKING:
    from slack_world import World


class ChatMethods:
    """Who may write where, and what has to be there."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._announced: dict[str, tuple[str, int]] = {}
        self._said: dict[tuple[str, str], Message] = {}
        self._uploaded: dict[str, File] = {}

    def table(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {
            "chat.postMessage": self.post_message,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
            "reactions.add": self.react,
            "files.getUploadURLExternal": self.upload_url,
            "files.completeUploadExternal": self.complete_upload,
        }

    def post_message(
        self,
        *,
        channel: str,
        text: str = "",
        blocks: Any = None,
        attachments: Any = None,
        thread_ts: str | None = None,
        reply_broadcast: bool = False,
        unfurl_links: bool | None = None,
        unfurl_media: bool | None = None,
        metadata: Any = None,
        markdown_text: str | None = None,
        client_msg_id: str | None = None,
        link_names: bool = False,
        parse: str = "none",
        mrkdwn: bool = True,
    ) -> dict[str, Any]:
        where = self._writable(channel)
        given = {"text": text, "blocks": blocks, "attachments": attachments}
        given |= {"metadata": metadata, "markdown_text": markdown_text}
        content = checks.message(given, self._world.note)
        if link_names or parse == "full":
            self._world.note("plain words may mention: link_names or parse=full")
        ident = checks.client_msg_id(client_msg_id, self._world.note)
        made = self._said.get((where.id, ident)) if self._world.deduplicates and ident else None
        made = made or self._world.posting.post(
            where,
            content,
            thread=self._root(where, thread_ts),
            broadcast=reply_broadcast,
            unfurl=(unfurl_links, unfurl_media),
            client_msg_id=ident,
        )
        self._said[where.id, ident] = made
        return {"channel": where.id, "ts": made.ts, "message": made.to_json(metadata=True)}

    def post_ephemeral(
        self,
        *,
        channel: str,
        user: str,
        text: str = "",
        blocks: Any = None,
        attachments: Any = None,
        thread_ts: str | None = None,
        link_names: bool = False,
        parse: str = "none",
        markdown_text: str | None = None,
    ) -> dict[str, Any]:
        where = self._writable(channel)
        given = {"text": text, "blocks": blocks, "attachments": attachments}
        content = checks.message(given | {"markdown_text": markdown_text}, self._world.note)
        if user not in where.members:
            raise Refusal("user_not_in_channel")
        to = self._world.users[user]
        thread = self._root(where, thread_ts)
        made = self._world.posting.whisper(where, to, content, thread=thread)
        return {"message_ts": made.ts}

    def update(
        self,
        *,
        channel: str,
        ts: str,
        text: str = "",
        blocks: Any = None,
        attachments: Any = None,
        metadata: Any = None,
        markdown_text: str | None = None,
        reply_broadcast: bool = False,
        link_names: bool = False,
        parse: str = "none",
    ) -> dict[str, Any]:
        where = self._reachable(channel)
        found = self._own(where, ts, "cant_update_message")
        if len(text) > checks.UPDATED_TEXT:
            raise Refusal("msg_too_long")
        given = {"text": text, "blocks": blocks, "attachments": attachments}
        given |= {"metadata": metadata, "markdown_text": markdown_text}
        content = checks.message(given, self._world.note)
        kept = blocks is None and not markdown_text
        self._world.posting.change(found, content, keep_blocks=kept)
        shown = found.to_json(metadata=True)
        return {"channel": where.id, "ts": ts, "text": found.raw, "message": shown}

    def delete(self, channel: str, ts: str) -> dict[str, Any]:
        where = self._reachable(channel)
        self._world.posting.remove(self._own(where, ts, "cant_delete_message"))
        return {"channel": where.id, "ts": ts}

    def react(self, channel: str, timestamp: str, name: str) -> dict[str, Any]:
        found = self._reachable(channel).find(timestamp)
        if found is None:
            raise Refusal("message_not_found")
        if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
            raise Refusal("invalid_name")
        by = found.reactions.setdefault(name, [])
        if self._world.bot_user in by:
            raise Refusal("already_reacted")
        by.append(self._world.bot_user)
        self._world.bell.ring()
        return {}

    def upload_url(
        self, filename: str, length: int, alt_txt: str = "", snippet_type: str = ""
    ) -> dict[str, Any]:
        if length <= 0:
            raise Refusal("invalid_arguments", ("must be more than 0 [json-pointer:/length]",))
        ident = self._world.new_id("F")
        self._announced[ident] = (filename, length)
        return {"upload_url": f"{self._world.url}/upload/{ident}", "file_id": ident}

    def upload(self, ident: str, content: bytes) -> None:
        """The bytes that were posted to an upload URL."""
        name, length = self._announced.get(ident, ("", -1))
        if len(content) != length:
            raise Refusal("upload_failed", status=500)
        self._uploaded[ident] = File(ident, name, content)

    def complete_upload(
        self,
        *,
        files: list,
        channel_id: str | None = None,
        channels: str | None = None,
        thread_ts: str | None = None,
        initial_comment: str = "",
        blocks: Any = None,
    ) -> dict[str, Any]:
        made = []
        for each in files:
            found = self._uploaded.pop(each["id"], None)
            if found is None:
                raise Refusal("file_not_found")
            made.append(File(found.id, found.name, found.content, each.get("title") or ""))
        for each in filter(None, [channel_id, *(channels or "").split(",")]):
            where = self._writable(each)
            given = {"text": initial_comment, "blocks": blocks, "attachments": made}
            content = checks.message(given, self._world.note)
            root = self._root(where, thread_ts)
            self._world.posting.post(where, content, thread=root, files=made)
        return {"files": [each.to_json() for each in made]}

    def _reachable(self, ident: str) -> Channel:
        """A channel that the bot can see."""
        where = self._world.find(ident)
        if where is None or (not where.bot and where.kind != "public"):
            raise Refusal("channel_not_found")
        return where

    def _writable(self, ident: str) -> Channel:
        where = self._reachable(ident)
        if where.archived:
            raise Refusal("is_archived")
        if not where.bot and "chat:write.public" not in self._world.scopes:
            raise Refusal("not_in_channel")
        if where.posting == "admins":
            raise Refusal("restricted_action")
        if where.kind == "im" and not self._world.messages_tab:
            raise Refusal("messages_tab_disabled")
        if where.kind == "im" and all(each.deleted for each in where.members.values()):
            raise Refusal("channel_not_found")
        return where

    def _own(self, where: Channel, ts: str, error: str) -> Message:
        found = where.find(ts)
        if found is None:
            raise Refusal("message_not_found")
        if not found.from_bot:
            raise Refusal(error)
        return found

    def _root(self, where: Channel, ts: str | None) -> str | None:
        """The thread's first message; Slack takes any number, but nobody would find the answer."""
        if not ts:
            return None
        found = where.find(ts)
        if found is None:
            self._world.note(f"an answer to {ts}, which is no message of {where}")
        elif found.thread:
            self._world.note(f"an answer to {ts}, which is an answer itself")
            return found.thread
        return ts
