"""Averages near a moving point: every coefficient that is asked for is good, whatever was expanded before."""

from fractions import Fraction

import flint
import pytest

from anneal_theory.averages.expansions import label_expansions, overlap_expansions
from anneal_theory.averages.jets import psi_jet, squared_overlap_jet
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget

TARGET, HALF = BimodalTarget(3, "0.8"), Fraction(1, 2)


@pytest.mark.parametrize("count", [20, 70])
def test_coefficients_at_the_edge_of_a_centre_are_those_of_a_direct_expansion(count):
    with flint_precision(131):
        label, overlap = label_expansions(TARGET), overlap_expansions(HALF)
        label.at(flint.arb(0)), overlap.at(flint.arb(2))
        near = [
            (label.at(flint.arb("1.49"), count), psi_jet(flint.arb("1.49"), TARGET, count), 1.5),
            (overlap.at(flint.arb("2.29"), count), squared_overlap_jet(flint.arb("2.29"), HALF, count), 2.0),
        ]
        for found, expected, radius in near:
            for n in range(count):  # at half the radius to which a series is used
                assert abs(found[n] - expected[n]).mid() * flint.arb(radius / 2) ** n < 1e-30
