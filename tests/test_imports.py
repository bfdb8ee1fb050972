"""Who may import whom, and that importing does nothing else.

`index` knows nothing of `bot` or Discord, answering knows nothing of Discord, and Discord is
known to the client, the cogs and what they show. Read off the source, and tried in a process.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "index")
KNOW_DISCORD = ("bot.client", "bot.cogs", "bot.ui")
HEAVY = ("faiss", "llama_index", "numpy", "onnxruntime", "sentence_transformers", "torch")

_PROBE = """
import importlib, json, sys

done = []
WORK = ("os.exec", "os.fork", "os.mkdir", "os.posix_spawn", "os.remove", "os.rename",
        "socket.connect", "sqlite3.connect", "subprocess.Popen", "open")

def watch(event, arguments):
    if not watching or event not in WORK:
        return
    if event == "open":
        path, mode, _ = arguments
        if not isinstance(mode, str) or not set(mode) & set("wax+"):
            return
    done.append(f"{event} {arguments[0]!r}")

watching = False
sys.addaudithook(watch)
watching = True
for name in sys.argv[1:]:
    importlib.import_module(name)
watching = False
print(json.dumps({"loaded": sorted(sys.modules), "done": done}))
"""


@dataclass(frozen=True)
class Module:
    name: str
    file: Path

    @property
    def package(self) -> str:
        return self.name if self.file.name == "__init__.py" else self.name.rpartition(".")[0]


@cache
def modules() -> Mapping[str, Module]:
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, file)
    return found


@cache
def imports(name: str, *, when_run: bool) -> frozenset[str]:
    """The modules that `name` imports; with `when_run`, not those it imports for types only."""
    module = modules()[name]
    tree = ast.parse(module.file.read_text("utf-8"), str(module.file))
    for_types = {id(node) for block in type_checking_blocks(tree) for node in ast.walk(block)}
    return frozenset(
        target
        for node in ast.walk(tree)
        if not (when_run and id(node) in for_types)
        for target in targets(node, module)
    )


def type_checking_blocks(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from node.body


def targets(node: ast.AST, module: Module) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = module.package.split(".")
            base = ".".join([*above[: len(above) - node.level + 1], *filter(None, [base])])
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield inner if inner in modules() else base


def within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def modules_of(*packages: str) -> list[str]:
    return [name for name in modules() if within(name, packages)]


def offenders(who: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    forbidden = tuple(forbidden)
    return [
        f"{name} imports {target}"
        for name in who
        for target in sorted(imports(name, when_run=False))
        if within(target, forbidden)
    ]


def test_there_is_something_to_look_at() -> None:
    assert {"bot.client", "bot.qa.pipeline", "index.archive", "index.loaders"} <= modules().keys()
    assert "index.archive" in imports("bot.qa.pipeline", when_run=True)
    assert "bot.qa.pipeline" in imports("bot.cli.asking", when_run=False)
    assert "bot.qa.pipeline" not in imports("bot.cli.asking", when_run=True)


def test_index_knows_nothing_of_the_bot_or_discord() -> None:
    assert offenders(modules_of("index"), ["bot", "discord"]) == []


def test_answering_knows_nothing_of_discord() -> None:
    others = ["bot.cli", "bot.cogs", "bot.ui", "bot.client", "bot.desk"]
    assert offenders(modules_of("bot.qa"), ["discord", *others]) == []


def test_only_the_client_and_its_parts_know_discord() -> None:
    who = modules().keys() - modules_of(*KNOW_DISCORD)
    assert offenders(who, ["discord"]) == []


def test_what_is_installed_imports_no_tests_or_benchmarks() -> None:
    assert offenders(modules(), ["benchmarks", "tests"]) == []


def test_modules_import_one_another_in_no_circle() -> None:
    graph = {
        name: {target for target in imports(name, when_run=True) if target in modules()}
        for name in modules()
    }
    assert circle(graph) == []


def test_packages_import_one_another_in_no_circle() -> None:
    """A package's folders: what lies in `bot.qa` and what lies in `bot.ui` are two packages."""
    graph: dict[str, set[str]] = {module.package: set() for module in modules().values()}
    for name, module in modules().items():
        for target in imports(name, when_run=False) & modules().keys():
            graph[module.package].add(modules()[target].package)
    for package, others in graph.items():
        # A folder and those inside it are one thing here: `index` has `index.loaders`, whose
        # files use `index.article`.
        graph[package] = {
            other for other in others if not (within(other, [package]) or within(package, [other]))
        }
    assert circle(graph) == []


def test_a_circle_would_be_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set[str]()}
    assert circle(graph) == ["b", "c", "b"]


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """The first circle found, from a module back to itself, or nothing."""
    finished: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in finished:
            for target in sorted(graph[name]):
                if found := visit(target, [*path, name]):
                    return found
            finished.add(name)
        return []

    return next((found for name in sorted(graph) if (found := visit(name, []))), [])


def imported(*names: str) -> tuple[set[str], list[str]]:
    """What a new process has loaded, and done, after importing `names`."""
    finished = subprocess.run(
        [sys.executable, "-B", "-c", _PROBE, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    result = json.loads(finished.stdout.splitlines()[-1])
    return set(result["loaded"]), result["done"]


@pytest.mark.parametrize(
    ("names", "unwanted"),
    [
        (["bot.cli", "bot.settings"], ["discord", "rich.progress", *HEAVY]),
        (["index.article", "index.errors", "index.loaders", "index.settings"], ["bot", *HEAVY]),
        (["index.archive"], ["bot", "discord", "sentence_transformers", "torch"]),
        (["bot.qa.answer", "bot.qa.reader"], ["discord", "torch"]),
        (["bot.qa.factory"], ["discord", "sentence_transformers", "torch"]),
        (["bot.client"], ["sentence_transformers", "torch"]),
    ],
    ids=lambda names: names[0],
)
def test_importing_loads_nothing_that_is_not_needed(names: list[str], unwanted: list[str]) -> None:
    loaded, _ = imported(*names)
    assert set(names) <= loaded
    assert sorted(loaded & set(unwanted)) == []


def test_importing_does_no_work() -> None:
    """No file is written, nothing opened or started: all modules, but those that are programs."""
    names = [name for name in modules() if not name.endswith("__main__")]
    _, done = imported(*names)
    assert done == []
