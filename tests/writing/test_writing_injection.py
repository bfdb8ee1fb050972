"""A model that obeys every instruction it reads changes nothing of what is shown."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from injections import INSTRUCTIONS, NEVER_SHOWN, PLACES, obeyed
from overlap_stand_in import WordOverlap
from scripted_llm import Reply, answer_json, says, scripted_llm

from bot.proof.prover import Prover
from bot.writing.availability import LanguageModel
from bot.writing.connecting import connect
from bot.writing.prompt import readable
from bot.writing.settings import LLMSettings
from bot.writing.writer import Writer


def obeys(instruction: str) -> Reply:
    async def reply(request: web.Request) -> web.StreamResponse:
        _, user = (await request.json())["messages"]
        return await says(answer_json(obeyed(user["content"], instruction)))(request)

    return reply


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_no_instruction_is_obeyed(place: str, instruction: str) -> None:
    question, answer = PLACES[place](INSTRUCTIONS[instruction])
    with scripted_llm(obeys(INSTRUCTIONS[instruction])) as server:
        connection = connect(LLMSettings(llm="obedient", llm_address=server.address))
        assert connection is not None
        with LanguageModel(connection, seconds=60) as model:
            written = Writer(model, Prover(WordOverlap())).write(question, answer)
    assert "It cost 20 million pounds." in [one.text for one in written.sentences]
    shown = json.dumps([one.text for one in written.sentences], ensure_ascii=False)
    assert [word for word in NEVER_SHOWN if word in shown] == []
    system, user = (message["content"] for message in server.requests[0].body["messages"])
    assert readable(user) == user, "nothing in it is unseen"
    mark = user.partition(" ")[0]
    fences = [line for line in user.splitlines() if line.startswith(mark)]
    assert len(fences) == 2 * (len(answer.passages) + 1), "no text ends its own fence"
    assert INSTRUCTIONS[instruction] not in system
