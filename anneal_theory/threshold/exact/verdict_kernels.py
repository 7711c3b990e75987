"""Compiled verdicts: what is certain of a run from where it is.

HEAVY and LIGHT are collapsed at +mu* and at -mu*, SPLIT and REVERSED split with the first or the second mean at +mu*.
"""

from anneal_theory._compiled import kernel

UNDECIDED, HEAVY, LIGHT, SPLIT, REVERSED = 0, 1, 2, 3, 4


@kernel()
def verdict(m1, m2, distance, ceiling, saddle, basins):
    """What is already certain of a run whose temperature will never again exceed `ceiling`.

    Split: one overlap lies below the unstable zero of f and the other above; repulsion only drives them apart.
    Collapsed: the pair lies in a box that no later flow leaves (separatrix.basins derives it).
    """
    low, high = min(m1, m2), max(m1, m2)
    if low < saddle < high:
        return SPLIT if m1 > m2 else REVERSED
    for i in range(basins.shape[0]):
        if distance <= basins[i, 2] and ceiling <= basins[i, 3]:
            if basins[i, 0] > 0.0 and low >= basins[i, 1]:
                return HEAVY
            if basins[i, 0] < 0.0 and high <= basins[i, 1]:
                return LIGHT
    return UNDECIDED


@kernel()
def at_rest(m1, m2, offset, rests):
    """The verdict of the attractor that a run has come close to at T = 1, or UNDECIDED."""
    for i in range(rests.shape[0]):
        if abs(m1 - rests[i, 0]) + abs(m2 - rests[i, 1]) + offset < rests[i, 3]:
            return int(rests[i, 2])
    return UNDECIDED
