"""Sums of vectors that point anywhere: each addition is that of vectors, and lanes have the law of one chain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.numerics.lane_kernels import LANES
from anneal_theory.training import across_kernels as kernels
from tests.training.one_law import assert_one_law

COEFFICIENTS = st.floats(-2, 2).filter(lambda x: x == 0 or abs(x) > 1e-3)


def _gram(triangle):
    f, g, h = triangle
    return np.array([f * f, f * g, g * g + h * h])


def _of_vectors(sums, push, noise):
    """Gram matrix (11, 12, 22) of the sums and one vector, from coordinates in three axes of their own."""
    (f, g, h), (x, y, square) = sums, noise
    both = np.array([[f, 0, 0], [g, h, 0]]) + np.outer(push, [x, y, square**0.5])
    return np.array([both[0] @ both[0], both[0] @ both[1], both[1] @ both[1]])


@given(
    sums=st.tuples(st.floats(0, 3), COEFFICIENTS, st.floats(0, 3)), push=st.tuples(COEFFICIENTS, COEFFICIENTS),
    noise=st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 9)),
)  # fmt: skip
def test_a_vector_is_added_to_both_sums(sums, push, noise):
    """Also where the first sum is nothing, which has no direction."""
    sums = sums if sums[0] > 1e-3 else (0.0, sums[1], sums[2])
    found = kernels.with_vector(*sums, *push, *noise)
    # squares are at most 200, and each is a sum of less than ten rounded numbers
    np.testing.assert_allclose(_gram(found), _of_vectors(sums, push, noise), atol=1e-12)
    assert found[0] >= 0
    assert found[2] >= 0


@pytest.mark.parametrize("batch", [3, LANES, 2 * LANES + 3])
def test_samples_go_to_lanes_in_turn_and_the_last_ones_to_sums_of_their_own(batch):
    rng = np.random.default_rng(batch)
    push, noise = rng.normal(size=(2, batch)), rng.normal(size=(3, batch))
    noise[2] **= 2
    start = rng.uniform(0.5, 1, 3 * kernels.SUMS)
    sums = start.copy()
    kernels.add_across((push[0], push[1]), tuple(noise), 0.3, sums)
    first, chains = start[: 3 * LANES].reshape(3, LANES), batch - batch % LANES
    for lane in range(LANES):
        expected = first[:, lane]
        for i in range(lane, chains, LANES):
            expected = kernels.with_vector(*expected, *(0.3 * push[:, i]), *noise[:, i])
        np.testing.assert_allclose(sums[: 3 * LANES].reshape(3, LANES)[:, lane], expected, rtol=1e-12)
    expected = start[3 * LANES :]
    for i in range(chains, batch):
        expected = kernels.with_vector(*expected, *(0.3 * push[:, i]), *noise[:, i])
    np.testing.assert_allclose(sums[3 * LANES :], expected, rtol=1e-12)


def _gathered(count, dim, triangles):
    """Gram matrices of all sums, by the kernels."""
    rng, counter = np.random.Generator(np.random.SFC64(7)), np.uint64(11)
    turns, sums, ends = np.empty((kernels.TURNS, LANES)), np.empty(3 * kernels.SUMS), np.empty((count, 3))
    sums[: 3 * LANES], sums[3 * LANES :] = triangles[:LANES].T.ravel(), triangles[LANES]
    for row in ends:
        counter = np.uint64(kernels.turned(rng, counter, float(dim), turns))
        row[:] = _gram(kernels.gathered(sums, turns))
    return ends


def _by_frames(count, dim, triangles):
    """The same from pairs of sums whose axes are orthonormal vectors without a preference, all of their coordinates."""
    rng, shape = np.random.default_rng(8), (count, LANES + 1, dim, min(dim, 2))
    axes = np.linalg.qr(rng.normal(size=shape))[0] * rng.choice([-1.0, 1.0], size=(*shape[:2], 1, shape[3]))
    rows = np.zeros((LANES + 1, 2, min(dim, 2)))
    rows[:, 0, 0], rows[:, 1, 0] = triangles[:, 0], triangles[:, 1]
    if dim > 1:
        rows[:, 1, 1] = triangles[:, 2]
    both = np.einsum("kab,nkdb->nad", rows, axes)
    gram = both @ np.swapaxes(both, 1, 2)
    return np.stack([gram[:, 0, 0], gram[:, 0, 1], gram[:, 1, 1]], axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("used", [1, LANES])
@pytest.mark.parametrize("dim", [1, 2, 3, 4, 9])
def test_lanes_are_turned_against_each_other_without_a_preference(dim, used):
    """Means and second moments of the Gram matrix; sees 9 standard errors, a tenth of a standard deviation.

    What one lane does wrong is seen best where the others have nothing.
    """
    triangles = np.random.default_rng(dim).uniform([0.3, -1, 0.3], [1.5, 1, 1.0], (LANES + 1, 3))
    triangles[: LANES - used] = 0.0
    if dim == 1:
        triangles[:, 2] = 0.0
    reduced, plain = (route(20_000, dim, triangles) for route in (_gathered, _by_frames))
    assert_one_law(reduced, plain)
