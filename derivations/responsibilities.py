r"""The averages that the general gradient is made of: responsibilities as softmax of Gaussian sums, and the losses.

Source: theory section 3.  Output: the terms of the softmax, the loss of a component, the spread of points.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.gradient import component, mean_slope_in_variance
from derivations.symbols import beta, symbol, v, w_i

dim, square, u = symbol("dim"), symbol("distance_square"), symbol("density_variance")
own_log_sum, mode_log_sum, product = symbol("own_log_sum"), symbol("mode_log_sum"), symbol("share_product")
_Z, _MEAN, _CENTRE = sp.symbols("z mu c", real=True)


@cache
def derive() -> Derivation:
    """The logarithm of one component, its mean, and the spread of points."""
    d = Derivation("responsibilities", "theory section 3", "The averages of the gradient")
    _terms(d)
    _spread(d)
    return d


def _terms(d: Derivation) -> None:
    d.say(
        r"""Under component $i$ of the family, $x = \mu_i + \sqrt v z$ with $z$ standard normal. There the logarithm of
        a component $w_j N(c_j, u I_d)$ of a density ($u = v$ in $q$ and $u = 1$ in $p$) has, beside a part that is the
        same for all $j$, the two terms of a softmax: its offset with $X = |\mu_i - c_j|^2$, and its slope in $z$."""
    )
    offset, reach = sp.log(w_i) - square / (2 * u), sp.sqrt(v) / u
    alike = -(sp.log(2 * sp.pi * u) + v * _Z**2 / u) / 2  # of one coordinate
    place = _MEAN + sp.sqrt(v) * _Z
    d.check(
        "one coordinate", sp.expand_log(sp.log(w_i * component(place, _CENTRE, u)), force=True),
        sp.expand_log(offset.subs(square, (_MEAN - _CENTRE) ** 2) + reach * (_CENTRE - _MEAN) * _Z + alike, force=True),
        shown=r"\log(w_j n_j)",
    )  # fmt: skip
    d.output("softmax_offset", offset, r"o_{ij}", "logarithm of a component at the mean of another, up to a constant")
    d.output("softmax_reach", reach, r"\partial_z/c_j", "slope of that logarithm in z, for each unit of the centre")
    d.say(
        r"""So $\log q = \log \sum_j e^{o_{ij} + \ldots}$ plus that part, whose mean is the same in each coordinate, and
        the loss $e_i = \mathbb{E}_i[\log q - \beta \log p]$ follows from the means of the two log-sums:"""
    )
    normal = sp.exp(-(_Z**2) / 2) / sp.sqrt(2 * sp.pi)
    rest = -dim * (sp.log(2 * sp.pi * u) + v / u) / 2
    d.check("its mean", dim * sp.integrate(sp.expand(alike * normal), (_Z, -sp.oo, sp.oo)), rest, shown="C")
    loss = own_log_sum + rest.subs(u, v) - beta * (mode_log_sum + rest.subs(u, 1))
    d.verify("its slope in the variance", sp.diff(loss, v), mean_slope_in_variance(dim))
    d.output("component_loss", loss, "e_i", "mean of log q - beta log p under component i")


def _spread(d: Derivation) -> None:
    d.say(r"""The spread $\sum_j r_j |c_j|^2 - |\sum_j r_j c_j|^2$ loses its digits far from the origin; the distances
        of the points, each pair counted twice, keep them:""")  # fmt: skip
    part = product * square / 2
    places, first = sp.symbols("c_1:4", real=True), sp.symbols("r_1:3", positive=True)
    shares = (*first, 1 - sum(first))
    pairs = [
        (r * o, (a - b) ** 2) for r, a in zip(shares, places, strict=True) for o, b in zip(shares, places, strict=True)
    ]
    summed = sum((part.subs({product: weight, square: gap}) for weight, gap in pairs), sp.Integer(0))
    centre = sum(r * a for r, a in zip(shares, places, strict=True))
    spread: Any = sum(r * a**2 for r, a in zip(shares, places, strict=True)) - centre**2
    d.verify("three points", spread, summed)
    d.output("spread_part", part, r"r_j r_k X_{jk}/2", "what two points add to the spread, by their distance")
