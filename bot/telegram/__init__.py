"""Telegram: updates become requests, replies and parts become messages. Nothing is decided here.

The only package that knows python-telegram-bot; it is imported when a token is set.
"""
