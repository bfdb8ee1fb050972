"""Is everybody answered once, and soon, when hundreds ask at once? Does the bot grow over hours?

    python benchmarks/discord_load.py [--scripted] [--people 200] [--questions 1000] [--servers 5]
    python benchmarks/discord_load.py --soak 60 [--scripted] [--no-builds]

The bot is a process of its own, connected to the tests' Discord on 127.0.0.1, with an archive of
the seed article for each server. `--scripted` answers every question with the same sentence: then
it is the bot that is measured, and not the reader. The event loop that is watched is the bot's.

The soak asks by command and by mention, answers the bot's messages, presses buttons, and builds a
new generation every 15 seconds. Its first fifth, a minute at least, is left out, as models load and
caches fill; then the medians of the first and the last third of the rest are compared, and the exit
status is 1 if one grew by more than the bounds below. The load exits with 1 if a question was not
answered, or twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(ROOT)
sys.path.append(str(ROOT / "tests" / "discord"))

from fake_discord import FakeDiscord  # noqa: E402
from fake_load import Ask, all_answered, fire, report  # noqa: E402
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, Payload  # noqa: E402

from benchmarks.reporting import markdown_table, number, progress  # noqa: E402
from benchmarks.watched_bot import seed_article  # noqa: E402
from bot.servers.folders import server_folder  # noqa: E402
from bot.settings import load_settings  # noqa: E402

ACKNOWLEDGED_S, BLOCKED_MS = 3.0, 100.0
"""What the load is held against."""
GROWTH = {"memory_mb": 0.05, "tasks": 0.0, "files": 0.0, "threads": 0.0}
"""Part of the first median by which the last may be larger,"""
SLACK = {"memory_mb": 16.0, "tasks": 12.0, "files": 6.0, "threads": 8.0}
"""and what it may be larger by in any case: requests that are under way hold some of
each, and the threads for blocking work are started as they are needed."""
WARM_UP_PART, WARM_UP_S = 0.2, 60.0
PATIENCE_S = 3600.0
KEPT_MESSAGES = 200
ROUND_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(options, Path(folder)))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    options.add_argument("--people", type=int, default=200, metavar="N")
    options.add_argument("--questions", type=int, default=1000, metavar="N")
    options.add_argument("--servers", type=int, default=5, metavar="N")
    options.add_argument("--scripted", action="store_true", help="answer without reading")
    options.add_argument("--soak", type=float, metavar="MINUTES", help="mixed traffic instead")
    options.add_argument(
        "--builds",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="build new generations during the soak",
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    return options


async def _run(options: argparse.Namespace, folder: Path) -> int:
    async with FakeDiscord().running() as fake:
        fake.wait_s = PATIENCE_S
        fake.ack_window_s = PATIENCE_S  # who comes late is counted, and answered all the same
        people = [fake.new_user(f"person{n}") for n in range(options.people)]
        for person in people:
            fake.add_member(person, GUILD_ID)
        guilds = [
            await fake.new_guild(f"Server {n}", members=people) for n in range(1, options.servers)
        ]
        places = [CHANNEL_ID, *map(fake.general, guilds)]
        _archives(folder, [GUILD_ID, *(guild.id for guild in guilds)])
        builds = bool(options.soak and options.builds)
        async with watched_bot(fake, folder, scripted=options.scripted, builds=builds) as samples:
            await _first_answers(fake, places)
            if options.soak:
                result = await soak(fake, people, places, samples, 60 * options.soak)
            else:
                result = await load(fake, people, places, samples, options.questions)
    result |= {"people": len(people), "servers": len(places), "scripted": options.scripted}
    print(json.dumps(result) if options.json else shown(result))
    return 0 if result["passed"] else 1


def _archives(folder: Path, servers: Sequence[int]) -> None:
    """The seed article for every server, indexed once."""
    from index.archive import Archive

    progress("indexing the seed article")
    first, *others = (server_folder(folder, id) for id in servers)
    with Archive.open(first, settings=load_settings(home=first)) as archive:
        archive.index([seed_article()])
    for other in others:
        shutil.copytree(first, other)


@contextlib.asynccontextmanager
async def watched_bot(
    fake: FakeDiscord, folder: Path, *, scripted: bool, builds: bool
) -> AsyncIterator[Callable[[], list[dict[str, Any]]]]:
    """A connected bot; yields what gives all lines that it has written about itself."""
    followed = folder / "followed.jsonl"
    script = Path(__file__).with_name("watched_bot.py")
    flags = ["--scripted"] * scripted + ["--builds"] * builds
    places = (str(folder), fake.http, fake.ws, str(followed))
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(script), *places, *flags, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        progress("starting the bot")
        ended = asyncio.create_task(child.wait())
        connected = asyncio.create_task(fake.connected())
        await asyncio.wait({ended, connected}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            raise SystemExit(f"the bot ended with status {ended.result()}")
        yield lambda: [json.loads(line) for line in followed.read_text().splitlines()]
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _first_answers(fake: FakeDiscord, places: Sequence[int]) -> None:
    """So that models are loaded and archives open."""
    first = [Ask("ask", {"question": "Where was the raid?"}, channel=place) for place in places]
    await all_answered(fake, await fire(fake, first), within_s=PATIENCE_S)
    await asyncio.sleep(3)  # a line about it


async def load(
    fake: FakeDiscord,
    people: Sequence[int],
    places: Sequence[int],
    samples: Callable[[], list[dict[str, Any]]],
    questions: int,
) -> dict[str, Any]:
    progress(f"{questions} questions")
    before = samples()
    asks = [
        Ask(
            "ask",
            {"question": f"Where was raid number {n}?"},
            user=people[n % len(people)],
            channel=places[n % len(places)],
        )
        for n in range(questions)
    ]
    started = time.perf_counter()
    fired = await fire(fake, asks)
    sent_s = time.perf_counter() - started
    await all_answered(fake, fired, is_answer=_is_answer, within_s=PATIENCE_S)
    answered_s = time.perf_counter() - started
    await asyncio.sleep(5)  # for what would come twice, and for a line when all is done
    lines = samples()
    during = lines[len(before) :]
    told = report(fake, fired, is_answer=_is_answer)
    worst = max(during, key=lambda line: float(line["wall_ms"]))
    return {
        "benchmark": "discord load",
        "questions": questions,
        "sent_s": sent_s,
        "answered_s": answered_s,
        "acknowledged_s_p50": told.percentile_s(0.5),
        "acknowledged_s_p99": told.percentile_s(0.99),
        "unanswered": len(told.unanswered),
        "answered_twice": len(told.answered_twice),
        "blocked_ms": worst["wall_ms"],
        "blocked_at": worst["where"],
        "computed_ms": max(line["computed_ms"] for line in during),
        "collected_ms": max(line["collected_ms"] for line in during),
        "memory_mb_before": before[-1]["memory_mb"],
        "memory_mb_most": max(line["memory_mb"] for line in during),
        "memory_mb_after": lines[-1]["memory_mb"],
        "passed": not told.unanswered and not told.answered_twice,
    }


def _is_answer(message: Payload) -> bool:
    """A card; notices and progress are content."""
    return bool(message["embeds"])


async def soak(
    fake: FakeDiscord,
    people: Sequence[int],
    places: Sequence[int],
    samples: Callable[[], list[dict[str, Any]]],
    seconds: float,
) -> dict[str, Any]:
    began, rounds = len(samples()), 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        await _round(fake, people, places, rounds)
        rounds += 1
        if rounds % 30 == 0:
            progress(f"{rounds} rounds, {samples()[-1]}")
        await asyncio.sleep(ROUND_S)
    lines = samples()[began:]
    warm = lines[0]["at"] + max(WARM_UP_PART * seconds, WARM_UP_S) if lines else 0.0
    kept = [line for line in lines if line["at"] >= warm]
    third = len(kept) // 3
    if not third:
        raise SystemExit("--soak: too short to compare anything")
    held = {
        name: {
            "first": statistics.median(line[name] for line in kept[:third]),
            "last": statistics.median(line[name] for line in kept[-third:]),
            "most": max(line[name] for line in kept),
        }
        for name in GROWTH
    }
    for name, values in held.items():
        bound = values["first"] * (1 + GROWTH[name]) + SLACK[name]
        values["bound"] = bound
        values["grew"] = float(values["last"] > bound)
    return {
        "benchmark": "discord soak",
        "minutes": seconds / 60,
        "rounds": rounds,
        "held": held,
        "blocked_ms": max(line["wall_ms"] for line in lines),
        "blocked_at": max(lines, key=lambda line: float(line["wall_ms"]))["where"],
        "computed_ms": max(line["computed_ms"] for line in lines),
        "collected_ms": max(line["collected_ms"] for line in lines),
        "passed": not any(values["grew"] for values in held.values()),
    }


async def _round(fake: FakeDiscord, people: Sequence[int], places: Sequence[int], n: int) -> None:
    """Two commands, a mention, a follow-up to what it brought, and three buttons."""
    place, person = places[n % len(places)], people[n % len(people)]
    asks = [
        Ask("ask", {"question": f"Where was raid {n} of {part}?"}, user=person, channel=place)
        for part in ("May", "June")
    ]
    fired = await fire(fake, asks)
    said = await fake.say(f"<@{BOT_ID}> Who said it in {n}?", author=person, channel=place)
    reply = await fake.until(lambda: _reply_to(fake, said))
    more = await fake.say(
        f"<@{BOT_ID}> and where?", author=person, channel=place, reply_to=int(reply["id"])
    )
    await fake.until(lambda: _reply_to(fake, more))
    await all_answered(fake, fired, within_s=PATIENCE_S)
    answer = await fake.answered(fired[0], _is_answer)
    ids = [item["custom_id"] for row in answer["components"] for item in row["components"]]
    pressed = [
        await fake.press(int(answer["id"]), id, user=person)
        for id in ids
        if id.split(":")[1] in ("passages", "why", "up")
    ]
    await all_answered(fake, pressed, within_s=PATIENCE_S)
    fake.forget_records()
    for id in sorted(fake.messages)[:-KEPT_MESSAGES]:
        del fake.messages[id]


def _reply_to(fake: FakeDiscord, said: Payload) -> Payload | None:
    for message in reversed(fake.messages.values()):
        if str(message.get("message_reference", {}).get("message_id")) == said["id"]:
            return message
    return None


def shown(result: dict[str, Any]) -> str:
    """The result as Markdown."""
    reader = "scripted answers" if result["scripted"] else "the shipped reader"
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    blocked = (
        f"Event loop blocked at most {number(result['blocked_ms'])} ms (bar {BLOCKED_MS:.0f}), of "
        f"which its own thread computed at most {number(result['computed_ms'])} ms at a time; the "
        f"longest garbage collection took {number(result['collected_ms'])} ms. "
        f"Seen while blocked: {result['blocked_at'] or 'nothing of its own'}."
    )
    if "held" in result:
        rows = [
            [name, *(number(values[key], 1) for key in ("first", "last", "most", "bound"))]
            for name, values in result["held"].items()
        ]
        head = (
            f"**Soak**: {result['minutes']:.1f} minutes, {result['rounds']} rounds, "
            f"{result['servers']} servers, {reader}; {cores}."
        )
        table = markdown_table(["held", "first third", "last third", "most", "bound"], rows)
        return "\n\n".join([head, table, blocked])
    head = (
        f"**Load**: {result['questions']} questions of {result['people']} people in "
        f"{result['servers']} servers, sent within {result['sent_s']:.1f} s, {reader}; {cores}."
    )
    acknowledged = f"acknowledged p99, s (bar {ACKNOWLEDGED_S:.0f})"
    rows = [
        ["acknowledged p50, s", number(result["acknowledged_s_p50"], 2)],
        [acknowledged, number(result["acknowledged_s_p99"], 2)],
        ["all answered after, s", number(result["answered_s"], 1)],
        ["not answered", number(result["unanswered"])],
        ["answered twice", number(result["answered_twice"])],
        ["memory before, MB", number(result["memory_mb_before"], 1)],
        ["memory at most, MB", number(result["memory_mb_most"], 1)],
        ["memory after, MB", number(result["memory_mb_after"], 1)],
    ]
    return "\n\n".join([head, markdown_table(["what", "value"], rows), blocked])


if __name__ == "__main__":
    raise SystemExit(main())
