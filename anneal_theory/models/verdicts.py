"""How a run can end, as the codes that compiled kernels return."""

UNDECIDED, HEAVY, LIGHT, SPLIT, REVERSED = 0, 1, 2, 3, 4
"""HEAVY and LIGHT: collapsed at +mu* and at -mu*. SPLIT, REVERSED: the first, or the second, mean ends at +mu*."""
FAILED = -1
"""The step size vanished."""
