"""The Bot API's methods over the loopback Telegram's world.

Each takes checked parameters and gives the result as JSON, or raises a Refusal in Telegram's
words. Knows no HTTP, no rates, no faults.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import telegram_texts as texts
from telegram_chats import Chat
from telegram_checks import File, Params, check_action, check_commands, check_toast
from telegram_messages import Message
from telegram_refusals import Refusal, bad_request, forbidden
from telegram_texts import Text
from telegram_updates import Updates, Webhook
from telegram_world import World

_KIND = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Methods:
    """The methods by their names in lower case."""

    def __init__(self, world: World, updates: Updates, *, strict: bool = True) -> None:
        self.world = world
        self.updates = updates
        self.violations: list[str] = []
        """What Telegram would not refuse, but spoil."""
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        """Command menus by scope (its JSON) and language."""
        self.actions: list[tuple[int, str]] = []
        """Chat actions shown, by chat."""
        self._strict = strict
        self._files: dict[str, File] = {}
        self._by_name = self._table()

    def _table(self) -> dict[str, Callable[[Params], Any]]:
        return {
            "getme": self._get_me,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "sendmessage": self._send_message,
            "senddocument": self._send_document,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete_message,
            "answercallbackquery": self._answer_tap,
            "sendchataction": self._chat_action,
            "getchat": self._get_chat,
            "getchatmember": self._get_member,
            "getchatadministrators": self._get_admins,
            "setmycommands": self._set_commands,
            "deletemycommands": self._delete_commands,
            "getmycommands": self._get_commands,
            "leavechat": self._leave,
        }

    def knows(self, name: str) -> bool:
        return name in self._by_name or name == "getupdates"

    async def call(self, name: str, params: Params) -> Any:
        """The method's result."""
        if name == "getupdates":
            return await self._get_updates(params)
        return self._by_name[name](params)

    # The bot and its updates.

    def _get_me(self, _: Params) -> dict[str, Any]:
        return self.world.bot_json() | {
            "can_join_groups": self.world.joins_groups,
            "can_read_all_group_messages": not self.world.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        self.updates.allow(params.get("allowed_updates"))
        offset, limit = params.get("offset", 0), params.get("limit", 100)
        return await self.updates.poll(offset, limit, params.get("timeout", 0))

    def _set_webhook(self, params: Params) -> bool:
        url, secret = params["url"], params.get("secret_token", "")
        if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        self.updates.allow(params.get("allowed_updates"))
        if params.get("drop_pending_updates"):
            self.updates.pending.clear()
        self.updates.set_webhook(Webhook(url, secret, params.get("max_connections", 40)))
        return True

    def _delete_webhook(self, params: Params) -> bool:
        return self._set_webhook({"url": "", **params})

    def _webhook_info(self, _: Params) -> dict[str, Any]:
        webhook = self.updates.webhook
        info = {
            "url": webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if webhook.url:
            info["max_connections"] = webhook.connections
        if webhook.last_error:
            info["last_error_date"], info["last_error_message"] = webhook.last_error
        if self.updates.allowed:
            info["allowed_updates"] = sorted(self.updates.allowed)
        return info

    # Messages.

    def _send_message(self, params: Params) -> dict[str, Any]:
        content = self._text(params)
        chat = self._open_chat(params["chat_id"])
        return self._sent(chat, content, params["text"], params).to_json()

    def _send_document(self, params: Params) -> dict[str, Any]:
        raw, file = params.get("caption", ""), self._file(params["document"])
        content = texts.parse(raw, params.get("parse_mode"), params.get("caption_entities"))
        texts.check_caption(content)
        self._weigh(content)
        chat = self._open_chat(params["chat_id"])
        message = self._sent(chat, content, raw, params, file)
        self._files[message.file_id] = file
        return message.to_json()

    def _file(self, document: File | str) -> File:
        """What was uploaded, now or with an earlier message."""
        file = document if isinstance(document, File) else self._files.get(document)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if not file.content:
            raise bad_request("file must be non-empty")
        return file

    def _sent(
        self, chat: Chat, content: Text, raw: str, params: Params, file: File | None = None
    ) -> Message:
        thread = self._thread(chat, params.get("message_thread_id"))
        reply_to = self._replied(chat, params)
        if reply_to is not None and thread is None:
            thread = chat.history[reply_to].thread
        message = Message(chat, chat.next_number(), self.world.date(), content, from_bot=True)
        message.raw, message.thread, message.reply_to = raw, thread, reply_to
        message.markup = params.get("reply_markup")
        message.silent = bool(params.get("disable_notification"))
        message.preview = params.get("link_preview_options")
        message.document = file
        return chat.put(message)

    def _edit_text(self, params: Params) -> dict[str, Any]:
        content, markup = self._text(params), params.get("reply_markup")
        message = self._own(params)
        if message.document:
            raise bad_request("there is no text in the message to edit")
        if message.same_as(content, markup):
            raise bad_request(_SAME)
        message.earlier.append(message.content)
        message.content, message.raw, message.markup = content, params["text"], markup
        message.preview = params.get("link_preview_options")
        return self._edited(message)

    def _edit_markup(self, params: Params) -> dict[str, Any]:
        message, markup = self._own(params), params.get("reply_markup")
        if message.same_as(message.content, markup):
            raise bad_request(_SAME)
        message.markup = markup
        return self._edited(message)

    def _edited(self, message: Message) -> dict[str, Any]:
        message.edits += 1
        self.world.bell.ring()
        return message.to_json()

    def _delete_message(self, params: Params) -> bool:
        chat = self._open_chat(params["chat_id"])
        message = chat.history.get(params["message_id"])
        if not message or message.deleted:
            raise bad_request("message to delete not found")
        if not message.from_bot and chat.type != "private" and not chat.bot.is_admin:
            raise bad_request("message can't be deleted")
        message.deleted = True
        self.world.bell.ring()
        return True

    def _answer_tap(self, params: Params) -> bool:
        tap = self.world.taps.get(params["callback_query_id"])
        text, url = params.get("text", ""), params.get("url", "")
        check_toast(text, url, self.world.username)
        if tap is None or tap.stale or tap.answered:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        tap.answered, tap.text, tap.url = True, text, url
        tap.alert = bool(params.get("show_alert"))
        self.world.bell.ring()
        return True

    def _chat_action(self, params: Params) -> bool:
        chat = self._open_chat(params["chat_id"])
        check_action(params["action"])
        self._thread(chat, params.get("message_thread_id"))
        self.actions.append((chat.id, params["action"]))
        return True

    # Chats.

    def _get_chat(self, params: Params) -> dict[str, Any]:
        chat = self._chat(params["chat_id"])
        if not chat.username and chat.type != "private":
            self._check_inside(chat)
        return chat.to_full_json()

    def _get_member(self, params: Params) -> dict[str, Any]:
        chat, bot = self._seen_chat(params["chat_id"]), self.world.bot_json()
        if params["user_id"] == bot["id"]:
            return chat.bot.to_json(bot)
        user = self.world.users.get(params["user_id"])
        if user is None:
            raise bad_request("user not found")
        if chat.type == "channel" and not chat.bot.is_admin:
            raise bad_request("member list is inaccessible")
        return chat.member(user).to_json(bot)

    def _get_admins(self, params: Params) -> list[dict[str, Any]]:
        chat, bot = self._seen_chat(params["chat_id"]), self.world.bot_json()
        if chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        if chat.type == "channel" and not chat.bot.is_admin:
            raise bad_request("member list is inaccessible")
        every = [*chat.members.values(), chat.bot]
        return [each.to_json(bot) for each in every if each.is_admin]

    def _leave(self, params: Params) -> bool:
        chat = self._seen_chat(params["chat_id"])
        if chat.type == "private":
            raise bad_request("chat is not a group, supergroup or channel chat")
        chat.bot_becomes("left", None)
        return True

    # The command menu.

    def _set_commands(self, params: Params) -> bool:
        language, commands = params.get("language_code", ""), params["commands"]
        check_commands(commands, language)
        self.commands[self._scope(params), language] = commands
        return True

    def _delete_commands(self, params: Params) -> bool:
        self.commands.pop((self._scope(params), params.get("language_code", "")), None)
        return True

    def _get_commands(self, params: Params) -> list[dict[str, str]]:
        return self.commands.get((self._scope(params), params.get("language_code", "")), [])

    def _scope(self, params: Params) -> str:
        scope = params.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self._chat(scope["chat_id"])
        return scope["type"] if len(scope) == 1 else json.dumps(scope, sort_keys=True)

    # What may be done where.

    def _chat(self, chat_id: int | str) -> Chat:
        chat = self.world.find(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            words = "group chat was upgraded to a supergroup chat"
            raise bad_request(words, migrate_to_chat_id=chat.migrated_to.id)
        return chat

    def _seen_chat(self, chat_id: int | str) -> Chat:
        chat = self._chat(chat_id)
        if chat.type != "private":
            self._check_inside(chat)
        return chat

    def _open_chat(self, chat_id: int | str) -> Chat:
        """A chat that the bot may write to."""
        chat = self._seen_chat(chat_id)
        if problem := self._closed(chat):
            raise problem
        return chat

    def _check_inside(self, chat: Chat) -> None:
        if chat.bot.status == "kicked":
            raise forbidden(f"bot was kicked from the {_KIND[chat.type]}")
        if not chat.bot.inside:
            raise forbidden(f"bot is not a member of the {_KIND[chat.type]}")

    def _closed(self, chat: Chat) -> Refusal | None:
        if chat.user and chat.user.deactivated:
            return forbidden("user is deactivated")
        if chat.user and chat.bot.status == "kicked":
            return forbidden("bot was blocked by the user")
        if chat.user and not chat.user.started:
            return forbidden("bot can't initiate conversation with a user")
        if chat.type == "channel" and not chat.bot.is_admin:
            return bad_request("need administrator rights in the channel chat")
        if chat.bot.status == "restricted":
            return bad_request("not enough rights to send text messages to the chat")
        return None

    def _thread(self, chat: Chat, thread: int | None) -> int | None:
        if thread and thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread or None

    def _replied(self, chat: Chat, params: Params) -> int | None:
        reply = params.get("reply_parameters")
        if not reply:
            return None
        if "chat_id" in reply and self._chat(reply["chat_id"]) is not chat:
            raise bad_request("replies across chats are not modelled here")
        found = chat.history.get(reply.get("message_id"))
        if found and not found.deleted:
            return found.id
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def _own(self, params: Params) -> Message:
        if "chat_id" not in params or "message_id" not in params:
            raise bad_request("message identifier is not specified")
        chat = self._open_chat(params["chat_id"])
        message = chat.history.get(params["message_id"])
        if not message or message.deleted:
            raise bad_request("message to edit not found")
        if not message.from_bot:
            raise bad_request("message can't be edited")
        return message

    def _text(self, params: Params) -> Text:
        if not params.get("text"):
            raise bad_request("message text is empty")
        content = texts.parse(params["text"], params.get("parse_mode"), params.get("entities"))
        texts.check_text(content)
        self._weigh(content)
        return content

    def _weigh(self, content: Text) -> None:
        if content.weight <= texts.ENTITIES:
            return
        problem = f"too many entities: {content.weight}"
        self.violations.append(problem)
        if self._strict:
            raise bad_request(problem)
