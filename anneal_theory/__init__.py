"""Symbolic-numeric theory of annealed variational inference and mode collapse."""

__version__ = "0.1.0"
