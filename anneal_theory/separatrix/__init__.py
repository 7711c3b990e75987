"""The separatrix between collapsing and splitting runs (theory sections 5 and 6)."""

from anneal_theory.separatrix.threshold import collapse_threshold

__all__ = ["collapse_threshold"]
