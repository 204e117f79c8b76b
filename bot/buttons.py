"""Buttons under a message: a screen that they belong to, an action of one letter, and a number."""

import secrets
from functools import partial

from telegram import InlineKeyboardButton

from bot.turns import keep
from corpus.desk import opened


def new_screen(user: str, chat: int, question: str) -> str:
    """The id of a screen that is kept with what the update comes to; for this user in this chat only."""
    id = secrets.token_urlsafe(8)
    keep(partial(opened, id=id, user=user, chat=str(chat), question=question))
    return id


def button(text: str, screen: str, action: str, number: int = 0) -> InlineKeyboardButton:
    """One that a press of is read by screens.Pressed."""
    return InlineKeyboardButton(text, callback_data=f"{screen}:{action}:{number}")
