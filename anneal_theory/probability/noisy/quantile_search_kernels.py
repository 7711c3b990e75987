"""Compiled searches for the critical quantile of starts, written for any model: `run` stands for its run at quantiles.

run(start, zeta, problem, noise, plan, work) gives (verdict, moves); a start is a row of numbers of the model's.
"""

import math

import numpy as np

from anneal_theory._compiled import INNER, specialised
from anneal_theory.models.verdicts import HEAVY, LIGHT


def run(start, zeta, problem, noise, plan, work):
    """Stands for a model's run."""
    raise NotImplementedError  # `specialised` puts the model's in its place


def one_quantile(start, guess, reach, tolerance, limits, problem, noise, plan, work):
    """(log zeta_c, runs, moves) of one start; the search steps from its guess by `reach` at first."""
    low, high, x, runs, made = -math.inf, math.inf, guess, 0, 0
    while high - low > tolerance:
        end, moves = run(start, math.exp(x), problem, noise, plan, work)
        runs, made = runs + 1, made + moves
        collapsed = end in (HEAVY, LIGHT)
        low, high = (x, high) if collapsed else (low, x)
        if low >= limits[1] or high <= limits[0]:
            break
        if math.isinf(high):
            x = min(x + reach, limits[1])
        elif math.isinf(low):
            x = max(x - reach, limits[0])
        else:
            x = 0.5 * (low + high)
        reach *= 2.0
    return 0.5 * (low + high), runs, made  # infinite where one of them still is


def critical_quantiles(starts, guesses, reach, tolerance, limits, problem, noise, plan):
    """(log zeta_c, runs, moves) of many starts; a search begins as far off its guess as the one before.

    The first is -inf where no quantile above the lowest limit collapses, inf where all up to the highest do.
    """
    critical, work, runs, made = np.empty(starts.shape[0]), np.empty((3, 4)), 0, 0
    for i in range(starts.shape[0]):
        off = critical[i - 1] - guesses[i - 1] if i > 0 else 0.0
        guess = guesses[i] + (off if abs(off) < math.inf else 0.0)
        critical[i], more, moves = one_quantile(starts[i], guess, reach, tolerance, limits, problem, noise, plan, work)
        runs, made = runs + more, made + moves
    return critical, runs, made


def compiled_quantiles(model, run_of_start):
    """`critical_quantiles` for a model with this run."""
    one = specialised(one_quantile, model, {"run": run_of_start}, error_model="numpy", **INNER)
    return specialised(critical_quantiles, model, {"one_quantile": one}, error_model="numpy", nogil=True)
