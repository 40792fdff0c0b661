"""Slack: events, commands, clicks and forms become requests; replies and parts become posts.

The only package that knows slack-bolt and slack-sdk; it is imported when a token is set.
"""
