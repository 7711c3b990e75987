"""The flow of (x, y, s) beside two vectors in d dimensions that descend the loss by its definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ortho_group

import anneal_theory as at
from anneal_theory.schedules import ExponentialToOne
from tests.exploration import examples
from tests.oracles.vectors_on_sphere import Descent

TIMES = [0.5, 2.0, 5.0, 9.0]
RULES = ("fixed", "follows-temperature", "trained")


def drawn_pair(dim, radius, rng):
    means = rng.normal(size=(2, dim))
    return radius * means / np.linalg.norm(means, axis=1)[:, None]


@pytest.mark.slow
@examples(25)
@given(
    dim=st.integers(3, 12), separation=st.floats(1.2, 4), weight=st.floats(0.3, 0.9),
    schedule=st.builds(ExponentialToOne, st.floats(1.2, 30), duration=st.floats(1, 7)),
    rule=st.sampled_from(RULES), objective=st.sampled_from(["free-energy", "tempered-target"]),
    family_weight=st.sampled_from([0.5, 0.5, 0.3, 0.65]), seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_the_flow_is_that_of_vectors_wherever_the_axis_points(
    dim, separation, weight, schedule, rule, objective, family_weight, seed
):
    """Both are integrated at two tolerances, a hundredfold apart: they differ by no more than these do.

    1e-8 of R^2 more for averages over tables and grids. Lengths are kept to the error of the integration as well.
    Sees an error of 1e-4 in the push of the components.
    """
    rng, target = np.random.default_rng(seed), at.BimodalTarget(separation, weight)
    family_weight = 0.5 if rule == "trained" else family_weight  # unequal ones part the variances
    means, turn = drawn_pair(dim, separation, rng), ortho_group.rvs(dim, random_state=rng)
    words = {"constraint": "sphere", "variance": rule, "objective": objective, "family_weight": family_weight}
    start = at.SphereState.from_means(*means)
    descent = Descent(
        separation * turn[0], target.half_log_odds, lambda t: float(schedule.temperature(t)), [schedule.end_time], rule,
        objective == "free-energy", family_weight,
    )  # fmt: skip

    def package(rtol):
        run = at.solve_flow(target, schedule, start, TIMES, rtol=rtol, **words)
        return np.array([run["m1"], run["m2"], separation**2 * run["pair_overlap"]])

    def vectors(rtol):
        ends = np.array(descent.followed(means @ turn, TIMES, rtol))
        lengths = np.linalg.norm(ends, axis=2)
        rows = [*(ends @ descent.axis).T, np.sum(ends[:, 0] * ends[:, 1], axis=1)]
        return np.array(rows), np.max(np.abs(lengths / separation - 1))

    (rough, fine), ((coarse, _), (known, stretched)) = (
        [route(rtol) for rtol in (1e-8, 1e-10)] for route in (package, vectors)
    )
    allowed = np.abs(rough - fine) + np.abs(coarse - known) + 1e-8 * separation**2
    assert np.all(np.abs(fine - known) <= allowed)
    assert stretched < 1e-8
