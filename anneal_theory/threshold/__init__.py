"""The separatrix between collapsing and splitting runs (theory sections 5 and 6)."""

from anneal_theory.threshold.methods import collapse_threshold

__all__ = ["collapse_threshold"]
