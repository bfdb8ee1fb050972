"""`kill -9` in the middle of answers, and what the next start makes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from answers import buttons, said
from fake_discord import FakeDiscord
from fake_payloads import GUILD_ID
from killed_bot import START_S, killed_at_the_end
from roomy_bot import answers_to, is_echo

from bot.servers.folders import RECORDS_FILE, server_folder
from bot.servers.records import ServerRecords
from index.archive import Archive


@pytest.mark.usefixtures("with_articles")
async def test_killed_in_the_middle_of_answers(fake: FakeDiscord, tmp_path: Path) -> None:
    home = tmp_path / "home"
    fake.ack_window_s = fake.wait_s = START_S
    with ServerRecords(server_folder(home, GUILD_ID) / RECORDS_FILE) as records:
        ledger = records.ledger
        async with killed_at_the_end(fake, home, hangs="slow"):
            old = await fake.answered(await fake.invoke("ask", question="Which village?"))
            hold = fake.hold_next("PATCH", "@original")  # it never gets to Discord
            unposted = await fake.invoke("ask", question="Which town?")
            await hold.entered.wait()
            slow = [await fake.invoke("ask", question=f"Which slow {n}?") for n in range(3)]
            private = await fake.invoke("ask", question="Which slow secret?", private=True)
            await fake.until(lambda: all(one.callback_type for one in [*slow, private]))
            async with asyncio.timeout(START_S):
                # Written down just after it was acknowledged, by a process that tells nobody.
                while len(ledger.interrupted()) < 4:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)

        async with killed_at_the_end(fake, home):
            wanted = ["Which town?", *(f"Which slow {n}?" for n in range(3))]
            for question in wanted:
                matches = answers_to(question)
                await fake.until(lambda m=matches: any(map(m, fake.messages.values())))
            pressed = await fake.press(int(old["id"]), buttons(old)["Passages"])
            assert "Muluk Saray" in said(await fake.answered(pressed))
            new = await fake.answered(await fake.invoke("ask", question="Who is next?"))
            assert answers_to("Who is next?")(new)

        echoes = [message for message in fake.messages.values() if is_echo(message)]
        for question in ["Which village?", *wanted, "Who is next?"]:
            assert sum(map(answers_to(question), echoes)) == 1, question
        assert unposted.said == []
        given = [ledger.by_id(id) for id in range(1, 8)]
        states = {one.question: one.state for one in given if one}
        assert states.pop("Which slow secret?") == "interrupted", "nobody else may see the answer"
        assert set(states.values()) == {"answered"} and len(states) == 6
    with Archive.open(server_folder(home, GUILD_ID)) as archive:
        assert archive.verify() == []
