"""`python -m bot`: run the Discord bot with the settings of the environment."""

from __future__ import annotations

import sys

from bot.client import run
from bot.settings import load_settings
from index.errors import SettingsError


def main() -> int:
    """Run the bot; returns the exit status, 1 with one line on stderr for a wrong setting."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return run(settings)


if __name__ == "__main__":
    sys.exit(main())
