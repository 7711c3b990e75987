"""SymPy symbols made from the package's glossary, and the averages of theory section 2 as functions that differentiate.

A symbol is named as in code (``separation``), so generated functions read like the rest of the package; formulas on
the pages use the glossary's LaTeX (``R``).
"""

from typing import Any

import sympy as sp

from anneal_theory.quantities import QUANTITIES


def symbol(name: str) -> sp.Symbol:
    """The SymPy symbol of a letter, with the assumptions of its domain.

    Raises:
        KeyError: the glossary has no such letter.
    """
    return sp.Symbol(name, **dict.fromkeys(QUANTITIES[name].domain.assumptions, True))


ORDER = {name: place for place, name in enumerate(QUANTITIES)}
LATEX = {symbol(name): letter.latex for name, letter in QUANTITIES.items()}


class _Average(sp.Function):  # type: ignore[misc]
    """An unevaluated function of one real variable whose derivative has a name of its own."""

    nargs = 1
    derivative: Any = None
    head = ""

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative: the next function of the chain."""
        if self.derivative is None:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return self.derivative(self.args[0])

    def _eval_is_real(self) -> bool:
        return True

    def _latex(self, printer: Any, exp: Any = None) -> str:
        shown = rf"{self.head}\left({printer._print(self.args[0])}\right)"
        return shown if exp is None else rf"{{{shown}}}^{{{exp}}}"


class psi_fourth(_Average):
    """Fourth derivative of psi."""

    head = r"\psi''''"


class psi_third(_Average):
    """Third derivative of psi."""

    head, derivative = r"\psi'''", psi_fourth


class psi_second(_Average):
    """Second derivative of psi."""

    head, derivative = r"\psi''", psi_third


class psi_prime(_Average):
    """psi'(m) = E sech^2(m + h + R z)."""

    head, derivative = r"\psi'", psi_second


class psi(_Average):
    """psi(m) = E tanh(m + h + R z)."""

    head, derivative = r"\psi", psi_prime


class phi(_Average):
    """phi(m) = E log cosh(m + h + R z)."""

    head, derivative = r"\phi", psi


class G_third(_Average):
    """Third derivative of G."""

    head = "G'''"


class G_second(_Average):
    """Second derivative of G."""

    head, derivative = "G''", G_third


class G_prime(_Average):
    """Derivative of G."""

    head, derivative = "G'", G_second


class G(_Average):
    """G(D), overlap of the two components."""

    head, derivative = "G", G_prime


class information(_Average):
    """I(D), mutual information of a two-point label and its observation; I' = D G is proved in label_overlap."""

    head = "I"

    def fdiff(self, argindex: int = 1) -> Any:
        """D G(D)."""
        return self.args[0] * G(self.args[0])


R, w_star, h = symbol("separation"), symbol("weight"), symbol("half_log_odds")
w_1, w_2, w_i, w, c = (symbol(n) for n in ("family_weight", "second_weight", "component_weight", "share", "share_odds"))
beta, T, v = symbol("beta"), symbol("temperature"), symbol("variance")
v_1, v_2 = symbol("variance_1"), symbol("variance_2")
attraction, repulsion, Gamma_1, Gamma_2 = (symbol(n) for n in ("attraction", "repulsion", "mobility_1", "mobility_2"))
m_1, m_2, s_11, s_12, s_22 = (symbol(n) for n in ("m1", "m2", "s11", "s12", "s22"))
cos, sin2, across2, l_across = (symbol(n) for n in ("cosine", "sine_squared", "across_square", "log_across"))
s, delta, perp, D = symbol("s"), symbol("delta"), symbol("perp"), symbol("distance")
rho, x_rho, ell, cos2 = symbol("rho"), symbol("log_rho"), symbol("log_distance"), symbol("cosine_squared")
t, tau, q = symbol("t"), symbol("clock"), symbol("label_variance")
psi_1, psi_2, psi_prime_1, psi_prime_2 = (symbol(n) for n in ("psi_1", "psi_2", "psi_prime_1", "psi_prime_2"))
psi_second_1, psi_second_2, phi_1, phi_2 = (symbol(n) for n in ("psi_second_1", "psi_second_2", "phi_1", "phi_2"))
psi_third_1, psi_third_2 = symbol("psi_third_1"), symbol("psi_third_2")
overlap, overlap_prime, overlap_second = (symbol(n) for n in ("overlap", "overlap_prime", "overlap_second"))
overlap_third = symbol("overlap_third")
slope, slope_1, slope_2 = (symbol(n) for n in ("slope", "slope_1", "slope_2"))
widening_1, widening_2, slope_widening = (symbol(n) for n in ("widening_1", "widening_2", "slope_widening"))
psi_prime_widening_1, psi_prime_widening_2 = (symbol(f"psi_prime_widening_{i}") for i in (1, 2))
overlap_in_square = symbol("overlap_in_square")
kappa_star, kappa_0 = symbol("escape_rate"), symbol("start_rate")
scale = symbol("scale")
x, y, z, u, k = (symbol(n) for n in ("x", "y", "z", "u", "k"))
