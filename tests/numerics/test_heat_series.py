"""Averages along power series against functions whose averages are known in closed form."""

import flint
import pytest

from anneal_theory.numerics.heat_series import averages_along, derivatives_needed
from anneal_theory.numerics.taylor import series_length
from anneal_theory.precision import flint_precision

LENGTH, ORDERS = 9, 4


@pytest.mark.parametrize("square", [[2, 1, -3, "0.5"], [2]], ids=["a moving width", "a width at rest"])
def test_the_average_of_a_cosine_and_its_derivatives_come_out_along_a_path(square):
    """F = E cos(a + sqrt(X) z) = e^(-X/2) cos a; every term and derivative of it counts, to 60 bits of 120."""
    with flint_precision(120), series_length(LENGTH):
        place, width = (flint.arb_series([flint.arb(one) for one in given]) for given in ([1, "0.3", -2, 1], square))
        turns = [flint.arb.cos, lambda x: -flint.arb.sin(x), lambda x: -flint.arb.cos(x), flint.arb.sin]
        damped = (-width[0] / 2).exp()
        known = [damped * turns[k % 4](place[0]) for k in range(derivatives_needed(LENGTH, ORDERS))]
        found = averages_along(known, place, width, ORDERS)
        along = [place.cos(), -place.sin(), -place.cos(), place.sin()]
        for one, turned in zip(found, along, strict=True):
            definition = (flint.arb_series([*width.coeffs(), *[0] * (LENGTH - width.length())]) / -2).exp() * turned
            for k in range(LENGTH):
                assert abs(one[k] - definition[k]) < flint.arb(2) ** -60
