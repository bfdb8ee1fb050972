"""`/ask` and mentions: a question from Discord, answered where it was asked."""

from __future__ import annotations

import contextlib
import logging
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.failures import notice_of
from bot.desk import AnswerDesk, OpenReplies
from bot.ui import notices
from bot.ui.limits import MAX_QUESTION
from bot.ui.render import render_answer
from bot.ui.visible import inline

log = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()


class AskCog(commands.Cog):
    """Answers questions from `desk`, and always with something."""

    def __init__(self, bot: discord.Client, *, desk: AnswerDesk, replies: OpenReplies) -> None:
        self._bot = bot
        self._desk = desk
        self._replies = replies

    @app_commands.command(name="ask", description="Ask the news articles. Answers with a quote.")
    @app_commands.describe(question="What do you want to know?")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
    ) -> None:
        with self._replies:
            problem = problem_with(question)
            if problem:
                await interaction.response.send_message(
                    problem, ephemeral=True, allowed_mentions=NO_PINGS
                )
                return
            # Discord wants a sign within 3 seconds; then there are 15 minutes for the answer.
            await interaction.response.defer(thinking=True)
            first, *others = await self._messages(question, show_question=True)
            await interaction.edit_original_response(content=first, allowed_mentions=NO_PINGS)
            for message in others:
                await interaction.followup.send(
                    message, allowed_mentions=NO_PINGS, suppress_embeds=True
                )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        question = self._question_in(message)
        if question is None:
            return
        with self._replies:
            try:
                await self._answer_message(message, question)
            except discord.Forbidden:
                log.warning("May not write in channel %s", message.channel.id)
            except discord.HTTPException:
                log.exception("Discord refused a reply in channel %s", message.channel.id)
                with contextlib.suppress(discord.HTTPException):
                    await _reply(message, [notices.SOMETHING_WENT_WRONG])

    def _question_in(self, message: discord.Message) -> str | None:
        if message.author.bot or message.guild is None or self._bot.user is None:
            return None
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return None
        return addressed_question(message.content, self._bot.user.id)

    async def _answer_message(self, message: discord.Message, question: str) -> None:
        problem = problem_with(question)
        if problem:
            await _reply(message, [problem])
            return
        async with contextlib.AsyncExitStack() as stack:
            with contextlib.suppress(discord.HTTPException):  # an answer can do without
                await stack.enter_async_context(message.channel.typing())
            messages = await self._messages(question, show_question=False)
        await _reply(message, messages)

    async def _messages(self, question: str, *, show_question: bool) -> list[str]:
        """The answer's messages, or a notice of why there is none."""
        try:
            answer = await self._desk.ask(_storable(question))
            return render_answer(answer, show_question=show_question)
        except Exception as error:  # noqa: BLE001 - notice_of logs it
            return [notice_of(error)]


def addressed_question(content: str, bot_id: int) -> str | None:
    """What `content` says besides mentioning the bot; None if it does not mention it by name.

    A reply pings the bot, and `@everyone` does, without a mention in the content: no questions.
    """
    mention = re.compile(rf"<@!?{bot_id}>")
    return mention.sub(" ", content).strip() if mention.search(content) else None


def problem_with(question: str) -> str | None:
    """What to tell somebody whose question cannot be asked; None if it can."""
    if not inline(question):
        return notices.USAGE
    return notices.QUESTION_TOO_LONG if len(question) > MAX_QUESTION else None


def _storable(question: str) -> str:
    """`question` without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return question.strip().encode("utf-8", "replace").decode("utf-8")


async def _reply(message: discord.Message, texts: list[str]) -> None:
    """Send `texts` to the message's channel, the first as a reply (if it is still there)."""
    first, *others = texts
    await message.channel.send(
        first,
        reference=message.to_reference(fail_if_not_exists=False),
        allowed_mentions=NO_PINGS,
        suppress_embeds=True,
    )
    for text in others:
        await message.channel.send(text, allowed_mentions=NO_PINGS, suppress_embeds=True)
