"""The command line: each command parses its options, calls one function, prints the result."""

from bot.cli.app import main

__all__ = ["main"]
