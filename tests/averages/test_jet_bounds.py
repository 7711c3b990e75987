"""The bounds of what the series of the jets leave out: they hold for coarse grids, and are not idle."""

import flint
import pytest

from anneal_theory.averages import fourier_jets, jets
from anneal_theory.precision import flint_precision

COUNT = 6
PLACES = [(0.7, 4.0), (3.0, 4.0), (1.0, 0.05), (0.0, 25.0)]


def coarse(monkeypatch, a, square, odd, grid):
    """Pairs of balls on a coarse grid and on the regular one at 600 bits."""
    function = jets.label_jet if odd else jets.sech_jet
    with flint_precision(600):
        fine = function(flint.arb(a), flint.arb(square), COUNT)
        with monkeypatch.context() as patch:
            patch.setattr(fourier_jets, "_grid", lambda *_: grid)
            rough = function(flint.arb(a), flint.arb(square), COUNT)
    return list(zip(rough, fine, strict=True))


def shares(pairs):
    """Error in units of the radius; at most 1."""
    with flint_precision(600):
        assert all(rough.overlaps(fine) for rough, fine in pairs)
        return [float(abs(rough.mid() - fine.mid()) / rough.rad()) for rough, fine in pairs]


def orders_of(odd, terms):
    first = 2 if odd else 1
    return range(first, first + 2 * terms, 2)


@pytest.mark.parametrize("odd", [True, False])
@pytest.mark.parametrize("terms", [0, 1, 3])
def test_the_remainder_of_the_images_is_bounded_on_short_periods(monkeypatch, odd, terms):
    """Many nodes, and so short a period that the images are all that is left out."""
    largest = 0.0
    for a, square in PLACES:
        for power in (max(0.5, 2.0 * terms - (not odd)), 2.0 * terms + (2 if odd else 1)):
            grid = fourier_jets.FourierPlan(a + 4 + 3 * terms, 4000, orders_of(odd, terms), power)
            largest = max(largest, *shares(coarse(monkeypatch, a, square, odd, grid)))
    assert largest > 0.4  # for narrow averages the bound is the first image's size, twice for both sides


@pytest.mark.parametrize("odd", [True, False])
@pytest.mark.parametrize("nodes", [7, 8, 9, 12])
def test_the_nodes_left_out_are_bounded_on_short_sums(monkeypatch, odd, nodes):
    """A long period, and so few nodes that those left out are all that is missing."""
    largest = 0.0
    for a, square in PLACES:
        grid = fourier_jets.FourierPlan(a + 3 * square + 60, nodes, orders_of(odd, 0), 2.0 if odd else 1.0)
        largest = max(largest, *shares(coarse(monkeypatch, a, square, odd, grid)))
    assert largest > 0.6  # a bound less than 0.6 of this one would be broken
