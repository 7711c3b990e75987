"""The limit of large dimension misses the exact probability of free means like 1/d, at a given probability."""

import pytest

import anneal_theory as at

# Times at which P is near 1/2, so that sqrt(d) rho_c is the same in all dimensions.
TIMES = {512: 296.55, 2048: 772.82, 8192: 1260.61}


def test_the_large_dim_limit_errs_in_the_first_order_of_the_inverse_dimension():
    target, gaps = at.BimodalTarget(3, 0.8), []
    for dim, time in TIMES.items():
        setting = target, at.Exponential(30, time), at.GaussianInit(dim)
        exact = at.collapse_probability(*setting, relative_error=1e-7).value
        limit = at.collapse_probability(*setting, method="large-dim", relative_error=1e-7).value
        assert abs(exact - 0.5) < 0.001
        gaps.append(dim * (limit - exact))
    # at d = 8192 both values have errors of 5e-8, so that d times their difference, 0.37, has one of 8e-4
    assert gaps[0] == pytest.approx(gaps[2], rel=0.01)
    assert gaps[1] == pytest.approx(gaps[2], rel=0.01)
    assert 0.3 < gaps[2] < 0.5
