"""The separatrix between collapsing and splitting runs (theory section 5)."""

from anneal_theory.separatrix.threshold import collapse_threshold

__all__ = ["collapse_threshold"]
