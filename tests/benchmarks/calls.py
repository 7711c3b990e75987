"""Calls of every public function that an earlier tree can be asked for too; `regressions` times them in both.

A row has the name of a door of `tests.doors` (or of a method without arguments), and after a comma what is special
about the call. Its text is an expression over `NAMES` and what the row itself is given. `earlier` is how it was spelled
where names have changed since; a row that is `new` may fail in an earlier tree, which had no such function or argument.
The rows themselves stand in `quick_calls` and `long_calls`.
"""

from dataclasses import dataclass

NAMES = """
import itertools, json, tempfile, warnings
from fractions import Fraction

import numpy as np

import anneal_theory as at
from anneal_theory import averages

warnings.simplefilter("ignore")
target, schedule, init = at.BimodalTarget(3, "0.8"), at.Exponential(10, 10), at.GaussianInit(128)
numbers = itertools.count(1)


def fresh():
    "A target that no cache knows."
    return at.BimodalTarget(3 + Fraction(next(numbers), 10**6), "0.8")


many, times, levels = np.linspace(-9, 9, 1000), np.linspace(0, 100, 1000), np.linspace(1.5, 9, 1000)
"""
FLOWS = """
mixture = at.GaussianMixture([[3.0, 0.0], [-3.0, 0.0], [0.0, 2.0]], [0.5, 0.3, 0.2])
means = np.array([[0.3, 0.4], [-0.2, 0.9]])
start = at.ReducedState.from_rho(0, 0.2, 2**0.5, target)
starts = at.ReducedState.from_rho(0, np.linspace(0.1, 0.5, 50), 2**0.5, target)
full = at.FullState(0.3, -0.2, 1.0, 0.1, 1.2)
gram = at.GramState.from_means(means, mixture)
"""
MIXTURE = "mixture = at.GaussianMixture([[3.0, 0.0], [-3.0, 0.0], [0.0, 2.0]], [0.5, 0.3, 0.2])"
_PAPER = 'objective="free-energy", constraint="sphere", variance="trained"'
SPHERE = f'to_one, ball, paper = at.ExponentialToOne(90, "7.778175"), at.SphereInit(512), dict({_PAPER})'
SPHERE_START = f"{SPHERE}; one, more = at.SphereState(0.1), at.SphereState(np.linspace(0.05, 0.5, 50))"


@dataclass(frozen=True)
class Call:
    """A public function and what is special, its call, what the call is given, and how earlier trees spell it."""

    name: str
    text: str
    given: str = ""
    earlier: str = ""
    new: bool = False

    @property
    def door(self) -> str:
        """The public name."""
        return self.name.partition(", ")[0]
