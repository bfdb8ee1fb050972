"""kill -9 at any moment of a build: the old generation or the new one serves, as a whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from small_articles import article, directories, opened, state

from index.transfer import export_archive, import_archive

State = dict[str, str]
MOMENTS = {"index": 200, "rebuild": 30, "remove": 30, "roll back": 15, "collect garbage": 25}
"""At how many each work is killed, spread over all of it."""
NEXT_BUILD = 10
"""After every so many deaths the next build is run as well."""

OLD: State = {"a": "The raid in Atme. " * 12, "b": "The council met.", "c": "Shares fell."}
CHANGE: State = {"a": "The raid was denied. " * 9, "d": "A storm came."}
FIRST: State = {"a": "An older text, of the first generation."}
WORKS: dict[str, tuple[State, State]] = {
    "index": (CHANGE, {**OLD, **CHANGE}),
    "rebuild": ({}, OLD),
    "remove": ({"a": "", "c": ""}, {"b": OLD["b"]}),
    "roll back": ({"to": "1"}, FIRST),
    "collect garbage": ({}, OLD),
}
"""By work: its arguments, and what is served when it is done."""


class Dying:
    """Talks to dying_build.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def build(
        self, folder: Path, work: str, arguments: State, moment: int, power_cut: bool = False
    ) -> str:
        """ "killed", or the number of moments there were."""
        assert self.process.stdin and self.process.stdout
        order = [str(folder), work, arguments, moment, power_cut]
        self.process.stdin.write(json.dumps(order) + "\n")
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


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: no death here waits for a disk to write."""
    memory = Path("/dev/shm")
    inside = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=inside) as folder:
        yield Path(folder)


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
        shown = {hit.passage.article.id for hit in hits}
        assert shown | {copy.id for hit in hits for copy in hit.also_in} == set(found)
        assert all(hit.passage.article.text == found[hit.passage.article.id] for hit in hits)
    return found


def traces(folder: Path, words: bytes) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if words in path.read_bytes()]


def base_archive(folder: Path) -> Path:
    built(folder, FIRST)
    return built(folder, OLD)


@pytest.mark.parametrize("work", WORKS)
def test_killed_at_any_moment(disk: Path, dying: Dying, work: str) -> None:
    change, new = WORKS[work]
    base = base_archive(disk / "base")
    assert traces(base, b"Shares fell")
    seen = []
    for number, moment in enumerate(moments(disk, base, dying, work, MOMENTS[work])):
        folder = disk / f"at-{moment}"
        shutil.copytree(base, folder)
        assert dying.build(folder, work, change, moment) == "killed"
        seen.append(check(folder, OLD, new))
        if number % NEXT_BUILD == 0:  # what died blocks nobody and leaves nothing behind
            with opened(folder) as archive:
                archive.index([article("z", "The next.")])
                assert directories(folder) == archive.status().generations <= 3
            check(folder, {**seen[-1], "z": "The next."})
            if work == "remove" and seen[-1] == new:
                assert not traces(folder, b"Shares fell")
        shutil.rmtree(folder)
    assert len(seen) >= MOMENTS[work]
    assert seen[0] == OLD and seen[-1] == new


@pytest.mark.parametrize("work", ["index", "rebuild", "remove"])
def test_a_power_cut_at_any_moment(disk: Path, dying: Dying, work: str) -> None:
    """What was written and not synced comes back shortened, as zeros or not at all."""
    change, new = WORKS[work]
    base = base_archive(disk / "base")
    for moment in moments(disk, base, dying, work, 40):
        folder = disk / f"at-{moment}"
        shutil.copytree(base, folder)
        assert dying.build(folder, work, change, moment, True) == "killed"
        check(folder, OLD, new)
        shutil.rmtree(folder)


STAGING: dict[str, tuple[str, State, State]] = {
    "stage": ("", CHANGE, OLD),
    "stage removal": ("", {"a": "", "c": ""}, OLD),
    "publish staged": ("stage", {"generation": "3"}, {**OLD, **CHANGE}),
    "publish a staged removal": ("stage removal", {"generation": "3"}, {"b": OLD["b"]}),
    "discard staged": ("stage", {"generation": "3"}, OLD),
}
"""By what is done: what is staged before, the arguments, and what is served when it is done."""


@pytest.mark.parametrize("power_cut", [False, True])
@pytest.mark.parametrize("done", STAGING)
def test_staging_that_dies_leaves_what_serves_and_a_way_on(
    disk: Path, dying: Dying, done: str, power_cut: bool
) -> None:
    before, arguments, new = STAGING[done]
    work = "publish staged" if "publish" in done else done
    base = base_archive(disk / "base")
    if before:
        dying.build(base, before, STAGING[before][1], 0)
    shutil.copytree(base, disk / "whole")
    total = int(dying.build(disk / "whole", work, arguments, 0))
    check(disk / "whole", new)
    seen = []
    for moment in sorted({1 + n * (total - 1) // 19 for n in range(20)}):
        folder = disk / f"at-{moment}"
        shutil.copytree(base, folder)
        assert dying.build(folder, work, arguments, moment, power_cut) == "killed"
        seen.append(check(folder, OLD, new))
        if moment % 4 == 0:  # what died is tried again, or given up
            with opened(folder) as archive:
                if (left := archive.staged()) is not None and work == "publish staged":
                    archive.publish_staged(left.id)
                    assert state(archive) == new
                elif left is not None:
                    archive.discard_staged(left.id)
                archive.index([article("z", "The next.")])
                assert directories(folder) == archive.status().generations <= 3
            check(folder, {**(seen[-1] if work != "publish staged" else new), "z": "The next."})
            if new == {"b": OLD["b"]}:
                assert not traces(folder, b"Shares fell")
        shutil.rmtree(folder)
    assert seen[0] == OLD and seen[-1] == new


@pytest.mark.parametrize("power_cut", [False, True])
def test_an_import_that_dies_leaves_one_archive_or_the_other(
    disk: Path, dying: Dying, power_cut: bool
) -> None:
    base = base_archive(disk / "base")
    other: State = {f"n{n}": f"Report {n} of the raid. " + f"word{n} " * 4000 for n in range(5)}
    file = disk / "copy.tar"
    export_archive(built(disk / "other", other), file)
    arguments = {"file": str(file)}
    shutil.copytree(base, disk / "whole")
    total = int(dying.build(disk / "whole", "import", arguments, 0))
    check(disk / "whole", other)
    seen = []
    for moment in sorted({1 + n * (total - 1) // 39 for n in range(40)}):
        folder = disk / f"at-{moment}"
        shutil.copytree(base, folder)
        assert dying.build(folder, "import", arguments, moment, power_cut) == "killed"
        seen.append(check(folder, OLD, other))
        if moment % 4 == 0:
            import_archive(file, folder, replace=True)
            assert check(folder, other) and directories(folder) == 1
        shutil.rmtree(folder)
    assert seen[0] == OLD and seen[-1] == other


def test_an_export_that_dies_leaves_the_copy_before_it(disk: Path, dying: Dying) -> None:
    base = base_archive(disk / "base")
    file = disk / "copies" / "copy.tar"
    file.parent.mkdir()
    file.write_text("the copy of yesterday")
    arguments = {"file": str(file)}
    total = int(dying.build(base, "export", {"file": str(disk / "another.tar")}, 0))
    for moment in range(1, total, total // 10):
        assert dying.build(base, "export", arguments, moment) == "killed"
        if file.read_bytes() != b"the copy of yesterday":
            import_archive(file, disk / f"new-{moment}")
            check(disk / f"new-{moment}", OLD)
    check(base, OLD)


def moments(disk: Path, base: Path, dying: Dying, work: str, wanted: int) -> list[int]:
    """Moments spread over all of the work, whose outcome is checked as well."""
    change, new = WORKS[work]
    whole = disk / "whole"
    shutil.copytree(base, whole)
    total = int(dying.build(whole, work, change, 0))
    check(whole, new)
    return sorted({1 + n * (total - 1) // (wanted - 1) for n in range(wanted)})


@pytest.mark.parametrize("power_cut", [False, True])
def test_a_first_build_that_dies_leaves_an_empty_archive(
    disk: Path, dying: Dying, power_cut: bool
) -> None:
    total = int(dying.build(disk / "whole", "index", OLD, 0))
    for moment in range(1, total, total // 20):
        folder = disk / f"at-{moment}"
        assert dying.build(folder, "index", OLD, moment, power_cut) == "killed"
        check(folder, {}, OLD)
        built(folder, OLD)
        assert check(folder, OLD) and directories(folder) == 1


IDS = st.sampled_from("abcde")
TEXTS = st.sampled_from(["The raid.", "A storm. " * 20, "Shares fell. The council met."])


class AnyOrder(RuleBasedStateMachine):
    """Index, change, remove, rebuild, roll back, collect garbage and die in any order."""

    dying: Dying
    root: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = self.root / f"archive-{random.randrange(1 << 60):x}"
        self.expected: State = {}
        self.published: dict[int, State] = {}

    @rule(articles=st.dictionaries(IDS, TEXTS, max_size=3))
    def index(self, articles: State) -> None:
        built(self.folder, articles)
        self.expected = self.expected | articles

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

    @precondition(lambda self: self.whole())
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        generation = data.draw(st.sampled_from(self.whole()))
        with opened(self.folder) as archive:
            archive.roll_back(generation)
        self.expected = self.published[generation]

    @rule(keep=st.integers(1, 3))
    def collect_garbage(self, keep: int) -> None:
        with opened(self.folder) as archive:
            archive.collect_garbage(keep)

    @precondition(lambda self: self.whole())
    @rule(data=st.data(), moment=st.integers(1, 200))
    def die_while_rolling_back(self, data: st.DataObject, moment: int) -> None:
        generation = data.draw(st.sampled_from(self.whole()))
        self._die("roll back", {"to": str(generation)}, moment, self.published[generation])

    @rule(moment=st.integers(1, 200))
    def die_while_collecting_garbage(self, moment: int) -> None:
        self._die("collect garbage", {}, moment, self.expected)

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

    def whole(self) -> list[int]:
        """The generations that can be rolled back to: no article of theirs was removed since."""
        with opened(self.folder) as archive:
            records = archive.generations()
            return [record.id for record in records if archive._catalog.is_whole(record)]

    @invariant()
    def every_promise_holds(self) -> None:
        check(self.folder, self.expected)
        with opened(self.folder) as archive:
            if (generation := archive.status().generation) is not None:
                assert self.published.setdefault(generation, self.expected) == self.expected

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def test_any_order_of_works_and_deaths(disk: Path, dying: Dying) -> None:
    AnyOrder.dying, AnyOrder.root = dying, disk
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            phases=[Phase.generate],  # a failure is told at once: each try is slow
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
