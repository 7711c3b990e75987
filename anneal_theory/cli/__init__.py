"""The command line `anneal-theory`: one module a command."""

from anneal_theory.cli.app import main

__all__ = ["main"]
