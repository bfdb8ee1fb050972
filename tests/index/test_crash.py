"""kill -9 at any moment of a build: the old generation or the new one serves, as a whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from small_articles import article, directories, opened, state

State = dict[str, str]
MOMENTS = 16
"""At which each kind of build is killed, spread over it; its end is where it publishes."""

OLD: State = {"a": "The raid in Atme. " * 12, "b": "The council met.", "c": "Shares fell."}
CHANGE: State = {"a": "The raid was denied. " * 9, "d": "A storm came."}
WORKS: dict[str, tuple[State, State]] = {
    "index": (CHANGE, {**OLD, **CHANGE}),
    "rebuild": ({}, OLD),
    "remove": ({"a": "", "c": ""}, {"b": OLD["b"]}),
}


class Dying:
    """Talks to dying_build.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def build(self, folder: Path, work: str, arguments: State, moment: int) -> str:
        """ "killed", or the number of moments there were."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([str(folder), work, arguments, moment]) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    script = Path(__file__).with_name("dying_build.py")
    # Coverage is not measured there: what is killed reports nothing.
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    environment["OMP_NUM_THREADS"] = "1"
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        yield Dying(process)
        assert process.stdin
        process.stdin.close()


def built(folder: Path, articles: State) -> Path:
    with opened(folder) as archive:
        archive.index(article(id, text) for id, text in articles.items())
    return folder


def check(folder: Path, *allowed: State) -> State:
    """All promises hold and one of the allowed states is served, by the search as well."""
    with opened(folder) as archive:
        assert archive.verify() == []
        found = state(archive)
        assert found in allowed
        hits = archive.search("the raid a storm council shares", 100) if found else []
        assert {hit.passage.article.id for hit in hits} == set(found)
        assert all(hit.passage.article.text == found[hit.passage.article.id] for hit in hits)
    return found


@pytest.mark.parametrize("work", WORKS)
def test_killed_at_any_moment(tmp_path: Path, dying: Dying, work: str) -> None:
    change, new = WORKS[work]
    base = built(tmp_path / "base", OLD)
    shutil.copytree(base, tmp_path / "whole")
    total = int(dying.build(tmp_path / "whole", work, change, 0))
    check(tmp_path / "whole", new)
    seen = []
    moments = sorted({1 + n * (total - 1) // (MOMENTS - 1) for n in range(MOMENTS)})
    for moment in moments:
        folder = tmp_path / f"at-{moment}"
        shutil.copytree(base, folder)
        assert dying.build(folder, work, change, moment) == "killed"
        seen.append(check(folder, OLD, new))
        with opened(folder) as archive:  # what died blocks nobody and leaves nothing behind
            archive.index(article(id, text) for id, text in {**new, "z": "The next."}.items())
            assert directories(folder) == archive.status().generations <= 3
        check(folder, {**OLD, **new, "z": "The next."}, {**new, "z": "The next."})
        shutil.rmtree(folder)
    assert seen[0] == OLD and seen[-1] == new


def test_a_first_build_that_is_killed_leaves_an_empty_archive(tmp_path: Path, dying: Dying) -> None:
    total = int(dying.build(tmp_path / "whole", "index", OLD, 0))
    for moment in range(1, total, total // 10):
        folder = tmp_path / f"at-{moment}"
        assert dying.build(folder, "index", OLD, moment) == "killed"
        check(folder, {}, OLD)
        built(folder, OLD)
        assert check(folder, OLD) and directories(folder) == 1


IDS = st.sampled_from("abcde")
TEXTS = st.sampled_from(["The raid.", "A storm. " * 20, "Shares fell. The council met."])


class AnyOrder(RuleBasedStateMachine):
    """Index, change, remove, rebuild and die in any order."""

    dying: Dying
    root: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = self.root / f"archive-{random.randrange(1 << 60):x}"
        self.expected: State = {}

    @rule(articles=st.dictionaries(IDS, TEXTS, max_size=3))
    def index(self, articles: State) -> None:
        built(self.folder, articles)
        self.expected |= articles

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        ids = data.draw(st.sets(st.sampled_from(sorted(self.expected)), min_size=1, max_size=2))
        with opened(self.folder) as archive:
            archive.remove(ids)
        self.expected = {id: text for id, text in self.expected.items() if id not in ids}

    @rule()
    def rebuild(self) -> None:
        with opened(self.folder) as archive:
            archive.index([], rebuild=True)

    @rule(articles=st.dictionaries(IDS, TEXTS, max_size=3), moment=st.integers(1, 1200))
    def die_while_indexing(self, articles: State, moment: int) -> None:
        self._die("index", articles, moment, self.expected | articles)

    @rule(moment=st.integers(1, 1200))
    def die_while_rebuilding(self, moment: int) -> None:
        self._die("rebuild", {}, moment, self.expected)

    @precondition(lambda self: self.expected)
    @rule(moment=st.integers(1, 700), data=st.data())
    def die_while_removing(self, moment: int, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.expected)))
        rest = {other: text for other, text in self.expected.items() if other != id}
        self._die("remove", {id: ""}, moment, rest)

    def _die(self, work: str, arguments: State, moment: int, new: State) -> None:
        answer = self.dying.build(self.folder, work, arguments, moment)
        assert answer == "killed" or answer.isdigit(), answer
        self.expected = check(self.folder, new, *([self.expected] if answer == "killed" else []))

    @invariant()
    def every_promise_holds(self) -> None:
        check(self.folder, self.expected)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def test_any_order_of_index_change_remove_rebuild_and_crash(tmp_path: Path, dying: Dying) -> None:
    AnyOrder.dying, AnyOrder.root = dying, tmp_path
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=10,
            stateful_step_count=10,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
