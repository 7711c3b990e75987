"""Summary-statistic flows of training, solved through SciPy (theory sections 3 and 4)."""

from anneal_theory.flow.gram import GramState
from anneal_theory.flow.starts import FullState, ReducedState

__all__ = ["FullState", "GramState", "ReducedState"]
