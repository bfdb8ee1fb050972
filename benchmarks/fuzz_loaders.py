"""Do the loaders stand hostile files? Loads thousands of damaged ones of every kind.

    python benchmarks/fuzz_loaders.py [--files 10000] [--seed 1] [--seconds-per-file 10]

File number n is the same for the same seed, so that `--first n --files 1` repeats what was found.
Exits with 1 when anything was found: an exception, a hang, a file that gave neither an article
nor a LoadError, an article that cannot be stored, or a valid file whose text came out changed.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import multiprocessing
import random
import struct
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fuzz_samples import Sample, samples
from index.article import Article
from index.errors import LoadError
from index.loaders import load_paths

FOUND = ("crashes", "hangs", "lost", "not storable", "texts changed")
_START_SECONDS = 180.0
# fmt: off
_TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"---\n", b"date: 2022-99-99\n", b'"',
    b"\\", b"\\ud800", b"\\u0000", b"{", b"[" * 5000, b"1" * 5000, b"\xc3\x83\xc2\xa9", b"\x85",
    b"\xed\xa0\x80", b"<", b">", b"<!--", b"<!---->" * 50, b"<div>" * 3000, b"</p>", b"<script>",
    b"]]>", b"&#xD800;", b"&#0;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<?xml version='1.0' encoding='utf-7'?>", b"<w:p>" * 300, b"<w:r><w:t>x</w:t></w:r>", b"<p>",
    b"<meta charset='utf-16'>", b"<meta charset=big5>", b'<link rel="canonical" href="http://[">',
    b'"@type": ["NewsArticle"', b'"datePublished": "x"', b"/Length 99999999", b"/Length -1",
    b"/Filter/LZWDecode", b"/Filter/ASCII85Decode", b"/Filter[/FlateDecode/FlateDecode]",
    b"/DecodeParms<</Predictor 15/Columns 99999999>>", b"<<", b">>", b"[", b"0 R", b"2 0 R",
    b"6 0 R", b"endobj", b"endstream", b"BT", b"ET", b"Tj", b"Do", b"BI ID EI",
    b"/Count 999999999", b"/Encrypt 3 0 R", b"/Type/ObjStm", b"/ToUnicode 4 0 R",
    b"startxref\n0\n", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Type: message/rfc822\n", b"=?utf-8?b?//8=?=", b"From: <<>\n",
    b"charset=unicode_escape",
)
# fmt: on
_LENGTHS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

Mutation = Callable[[bytearray, random.Random], None]


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _delete(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 8, 200))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start, to = chance.randrange(len(data)), chance.randrange(len(data))
    chunk = data[start : start + chance.choice((1, 7, 60, 400))]
    data[to:to] = chunk * chance.choice((1, 3, 100, 1000))


def _splice(data: bytearray, chance: random.Random) -> None:
    other = chance.choice(samples()).data
    start, to = chance.randrange(len(other)), chance.randrange(len(data))
    data[to : to + chance.choice((0, 50))] = other[start : start + chance.randrange(1, 600)]


def _insert(data: bytearray, chance: random.Random) -> None:
    to = chance.randrange(len(data))
    data[to:to] = chance.choice(_TOKENS) * chance.choice((1, 1, 1, 20))


def _noise(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    noise = chance.randbytes(chance.choice((1, 4, 40)))
    data[start : start + len(noise)] = noise


def _length(data: bytearray, chance: random.Random) -> None:
    """An extreme number where formats keep lengths: after a ZIP signature, or anywhere."""
    signatures = [at for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6") if (at := data.find(mark)) >= 0]
    start = chance.choice([*signatures, 0, len(data) // 2]) + chance.randrange(46)
    size = chance.choice(("<H", "<I", ">I"))
    number = chance.choice(_LENGTHS) & (2 ** (8 * struct.calcsize(size)) - 1)
    data[start : start + struct.calcsize(size)] = struct.pack(size, number)


def _digits(data: bytearray, chance: random.Random) -> None:
    """Another number where one is written out, as lengths and offsets of PDF and tar are."""
    digits = [at for at, byte in enumerate(data[:200_000]) if 48 <= byte <= 57]
    if digits:
        data[chance.choice(digits)] = chance.choice(b"0123456789-")


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _truncate, _delete, _repeat, _splice, _insert, _insert, _noise, _length, _digits,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes, or in half of all cases what is packed in them, with some damage; never empty."""
    if chance.random() < 0.5 and (inside := _mutated_inside(data, chance)):
        return inside
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if changed:
            chance.choice(MUTATIONS)(changed, chance)
    return bytes(changed) or b"x"


def _mutated_inside(data: bytes, chance: random.Random) -> bytes | None:
    """A container with a member damaged, renamed, doubled or left out; None if it is none."""
    with contextlib.suppress(OSError, EOFError, zlib.error):
        if data.startswith(b"\x1f\x8b"):
            return gzip.compress(mutated(gzip.decompress(data), chance), mtime=0)
    if not data.startswith(b"PK"):
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    chosen = chance.randrange(len(members))
    name, inner = members[chosen]
    match chance.randrange(10):
        case 0:
            del members[chosen]
        case 1:
            members.append((chance.choice(members)[0], inner))
        case 2:
            members[chosen] = (chance.choice(("../x.txt", "a\n.txt", "x" * 300 + ".txt")), inner)
        case _:
            members[chosen] = (name, mutated(inner, chance))
    with zipfile.ZipFile(out, "w") as archive:
        for name, inner in members:
            info = zipfile.ZipInfo(name)
            method = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            with warnings.catch_warnings(action="ignore"):  # of a name that is there twice
                archive.writestr(info, inner, method)
    return out.getvalue()


def fuzz_file(seed: int, number: int) -> tuple[Sample, bytes]:
    """The sample and the bytes of file `number`; the first ones are the samples as they are."""
    every = samples()
    if number < len(every):
        return every[number], every[number].data
    chance = random.Random(f"{seed}:{number}")
    sample = chance.choice(every)
    return sample, mutated(sample.data, chance)


@dataclass
class Outcome:
    """What loading one file gave."""

    articles: int = 0
    refusals: int = 0
    out_of_time: int = 0
    seconds: float = 0.0
    """Of computing, outside the loaders' own bounded worker: other programs do not count."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Which of FOUND, and the particulars."""


def judge(loaded: list[Article | LoadError], texts: tuple[str, ...] | None) -> Outcome:
    """Counts what came out; `texts` are those of a valid file."""
    articles = [item for item in loaded if isinstance(item, Article)]
    messages = [str(item) for item in loaded if isinstance(item, LoadError)]
    outcome = Outcome(len(articles), len(messages))
    outcome.out_of_time = sum("reading it takes over" in message for message in messages)
    for message in messages:
        if "crashes its parser" in message or not message.isprintable():
            outcome.problems.append(("crashes", message))
    for article in articles:
        try:
            _store(article)
        except Exception as error:  # noqa: BLE001
            outcome.problems.append(("not storable", f"{article.id}: {error!r}"))
    if not loaded:
        outcome.problems.append(("lost", "neither an article nor an error"))
    if texts is not None and tuple(article.text for article in articles) != texts:
        outcome.problems.append(("texts changed", repr([a.text for a in articles])[:500]))
    return outcome


def _store(article: Article) -> None:
    """What the catalog asks of an article. Raises whatever is wrong with it."""
    article.__post_init__()
    fields = (article.title, article.source, article.url, article.origin, *article.tags)
    for value in (*fields, article.id, article.text, article.article_set):
        assert value.encode().decode() == value
    assert len(article.content_hash) == 64
    for number, start in enumerate(article.page_starts, 1):
        assert article.page_at(start) == number


def _work(pipe: Connection, folder: str, seed: int, numbers: range, seconds: float) -> None:
    """Loads files in one `load_paths`, which keeps one worker; tells before and after each."""
    current = -1
    loaded: list[Article | LoadError] = []
    start = time.process_time()

    def report() -> None:
        outcome = judge(loaded, samples()[current].texts if current < len(samples()) else None)
        outcome.seconds = time.process_time() - start
        pipe.send((current, outcome))
        loaded.clear()

    def files() -> Iterator[Path]:
        nonlocal current, start
        for number in numbers:
            if current >= 0:
                report()
            sample, data = fuzz_file(seed, number)
            path = Path(folder) / f"{number}-{sample.name}"
            path.write_bytes(data)
            current, start = number, time.process_time()
            yield path
            path.unlink()

    try:
        for item in load_paths(files(), seconds=seconds):
            loaded.append(item)  # noqa: PERF402 - `report` empties it at each file's end
        report()
    except Exception:  # noqa: BLE001
        problems = [("crashes", traceback.format_exc())]
        pipe.send((current, Outcome(problems=problems)))


def run(seed: int, numbers: range, seconds: float, say: Callable[[str], None]) -> Counter[str]:
    """Loads the files in another process that is watched; returns the counts."""
    counts: Counter[str] = Counter(dict.fromkeys(("files", "articles", "refusals", *FOUND), 0))
    context = multiprocessing.get_context("spawn")
    following = numbers.start
    with tempfile.TemporaryDirectory() as folder:
        while following < numbers.stop:
            ours, theirs = context.Pipe()
            rest = range(following, numbers.stop)
            process = context.Process(target=_work, args=(theirs, folder, seed, rest, seconds))
            process.start()
            theirs.close()
            patience = _START_SECONDS
            while following < numbers.stop:
                outcome = _next_outcome(ours, patience)
                # Where the loaders end a file that takes too long, a new worker starts after it.
                patience = 3 * seconds + _START_SECONDS / 3
                _count(counts, following, outcome, seconds, seed, say)
                following += 1
                if any(kind in ("crashes", "hangs") for kind, _ in outcome.problems):
                    break
                if counts["files"] % 500 == 0:
                    say(" ".join(f"{name}={count}" for name, count in counts.items()))
            process.kill()
            process.join()
            ours.close()
    return counts


def _next_outcome(pipe: Connection, patience: float) -> Outcome:
    try:
        if pipe.poll(patience):
            _, outcome = pipe.recv()
            assert isinstance(outcome, Outcome)
            return outcome
    except EOFError:
        return Outcome(problems=[("crashes", "the process died")])
    return Outcome(problems=[("hangs", f"over {patience:.0f} s")])


def _count(
    counts: Counter[str],
    number: int,
    outcome: Outcome,
    seconds: float,
    seed: int,
    say: Callable[[str], None],
) -> None:
    if outcome.seconds > seconds:
        outcome.problems.append(("hangs", f"{outcome.seconds:.1f} s"))
    counts["files"] += 1
    counts["articles"] += outcome.articles
    counts["refusals"] += outcome.refusals
    counts["out of time"] += outcome.out_of_time
    for kind, about in outcome.problems:
        counts[kind] += 1
        say(f"file {number} ({fuzz_file(seed, number)[0].name}): {kind}: {about}")


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--files", type=int, default=10_000, metavar="N")
    options.add_argument("--first", type=int, default=0, metavar="N", help="number of the first")
    options.add_argument("--seed", type=int, default=1, metavar="N")
    options.add_argument("--seconds-per-file", type=float, default=10.0, metavar="S")
    given = options.parse_args(arguments)
    numbers = range(given.first, given.first + given.files)
    start = time.monotonic()
    counts = run(
        given.seed, numbers, given.seconds_per_file, lambda line: print(line, file=sys.stderr)
    )
    for name, count in counts.items():
        print(f"{name}: {count:,}")
    print(f"seconds: {time.monotonic() - start:.0f}")
    return int(any(counts[name] for name in FOUND))


if __name__ == "__main__":
    sys.exit(main())
