"""Which mass of the family ends at +mu*: the counted flow against trajectories followed to their end."""

import numpy as np
import pytest

from anneal_theory.gradient_flow import FullState, solve_flows
from anneal_theory.probability import simulate_flow
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Exponential

LONG = 400.0  # the slowest approach to an attractor, kappa* = 0.05 at R = 2.7, is e^-10 by then


@pytest.mark.slow
@pytest.mark.parametrize("weight", [0.8, 0.5, 0.2])
@pytest.mark.parametrize("rules", [{}, {"family_weight": 0.35}, {"metric": "natural", "family_weight": 0.7}], ids=str)
def test_a_run_carries_the_weight_of_its_means_on_the_side_of_the_mode(weight, rules):
    target, schedule, dynamics = BimodalTarget(2.7, weight), Exponential(4, 2), Dynamics(**rules)
    runs = simulate_flow(target, schedule, GaussianInit(6), dynamics, 60, seed=3)
    starts = FullState(**{name: runs.statistics[f"initial_{name}"] for name in ("m1", "m2", "s11", "s12", "s22")})
    end = solve_flows(target, schedule, starts, [LONG], rtol=1e-8, **rules).final
    mass = dynamics.family_weight * (end["m1"] > 0) + (1 - dynamics.family_weight) * (end["m2"] > 0)
    assert runs.mode_weight == pytest.approx(mass, abs=1e-15)
    ways = 1 if dynamics.equal_weights else 2  # to split
    assert len(set(np.round(mass, 12))) > ways  # all of them, and runs that collapsed
