"""A process that writes into the record file that it is given until it is killed.

For each record it says, on a line of its own, what is committed by then.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from record_samples import NOW, quote, result

from bot.servers.records import ServerRecords

QUOTES = 5


def write(records: ServerRecords, person: int) -> None:
    while True:
        id = records.ledger.begin(f"Question of {person}?", asker_id=person, channel_id=1, now=NOW)
        say(f"asked {id}")
        quotes = [quote(f"article {n}", n) for n in range(1, QUOTES + 1)]
        records.ledger.complete(id, result(f"Answer {id}. " * 50, *quotes), NOW)
        say(f"answered {id}")
        records.ledger.correct(id, "new", result(f"Better {id}. " * 50, *quotes), NOW)
        say(f"corrected {id}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with ServerRecords(Path(sys.argv[1])) as opened:
        for person in (1, 2):
            threading.Thread(target=write, args=(opened, person), daemon=True).start()
        threading.Event().wait(300)  # whoever started this kills it long before
