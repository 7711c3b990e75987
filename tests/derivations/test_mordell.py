"""The derivations of the series: they build, slips stop them, and their tails are the ones the balls use."""

import mpmath
import pytest
import sympy as sp

from derivations import fourier_residues, mordell
from derivations.core import Check, Derivation, DerivationError, step_latex


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "names"),
    [
        (mordell, {"appell_lerch", "overlap_series", "main_tails", "side_tails"}),
        (fourier_residues, {"phi_fourier", "image_remainder", "exponential_remainder"}),
    ],
)
def test_derivation_builds_and_names_its_equations(module, names):
    result = module.derive()
    assert set(result.equations) == names
    assert all(step_latex(part) for part in result.parts if hasattr(part, "rows"))


def test_only_the_final_sums_and_the_transform_rest_on_numbers():
    checks = [
        part for module in (mordell, fourier_residues) for part in module.derive().parts if isinstance(part, Check)
    ]
    unproved = [check.title for check in checks if not check.proved]
    assert unproved == ["Appell-Lerch form", "Fourier transform of sech^2", "Fourier form of phi"]


def test_a_frequency_off_by_one_per_cent_stops_the_derivation(monkeypatch):
    monkeypatch.setattr(mordell, "OMEGA", sp.Rational(101, 100) * mordell.OMEGA)
    with pytest.raises(DerivationError, match="homogeneous"):
        mordell.main_sum(Derivation("mordell", "theory section 2", "slip"))


@pytest.mark.parametrize("slip", ["cos", "sin", "exp"])
def test_a_wrong_term_of_the_sum_stops_the_comparison_with_the_definition(monkeypatch, slip):
    true = getattr(mpmath, slip)
    monkeypatch.setattr(mordell.mpmath, slip, lambda value: true(value) * mpmath.mpf("1.01"))
    (sums, quadrature), *_ = mordell._appell_lerch_pairs()
    assert abs(sums - quadrature) > 1e-6


def test_a_wrong_transform_stops_the_fourier_series(monkeypatch):
    true = fourier_residues._transform
    monkeypatch.setattr(fourier_residues, "_transform", lambda rate: true(rate) * mpmath.mpf("1.01"))
    with pytest.raises(DerivationError, match="Fourier transform"):
        fourier_residues.fourier_series(Derivation("fourier_residues", "theory section 2", "slip"))
