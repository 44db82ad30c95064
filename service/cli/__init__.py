"""The command line: woshou serve, migrate, seed, match, rank, evaluate, report, account and more."""

from service.cli.main import main

__all__ = ["main"]
