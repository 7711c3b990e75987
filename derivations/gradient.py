r"""The gradient of the loss: K components on K* modes, any common variance, and the case of two and two.

Source: theory section 3.  Output: the pull on a mean as coefficients of the means and the modes, the slopes in the
variance and in softmax weights.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.symbols import (
    G,
    beta,
    h,
    information,
    overlap,
    phi,
    psi,
    psi_1,
    psi_2,
    symbol,
    v,
    w_1,
    w_i,
    x,
)  # fmt: skip

exp, log, half = sp.exp, sp.log, sp.Rational(1, 2)
mean, mean_1, mean_2, mode = sp.Symbol("mu", real=True), symbol("mean_1"), symbol("mean_2"), symbol("mode")
same, own_share, mode_share = symbol("same"), symbol("own_share"), symbol("mode_share")
own_spread, mode_spread, dim = symbol("own_spread"), symbol("mode_spread"), symbol("dim")
component_loss, mean_loss = symbol("component_loss"), symbol("mean_loss")
_CENTRES, _SHARES = sp.symbols("mu_1:4", real=True), sp.symbols("r_1:4", positive=True)  # of three components


def component(at: Any, centre: Any, variance: Any = v) -> Any:
    """One coordinate's factor of a Gaussian component."""
    return exp(-((at - centre) ** 2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)


def mean_slope_in_variance(dim: Any) -> Any:
    """Component i's part of dL/dv where neither the means nor the modes spread: of one Gaussian against another."""
    return (beta - 1 / v) * dim / 2


@cache
def derive() -> Derivation:
    """From the derivatives of one Gaussian to every gradient of the loss."""
    d = Derivation("gradient", "theory section 3", "The gradient of the loss")
    widening = _one_gaussian(d)
    pulls = _means(d)
    _variance(d, widening)
    _weights(d)
    _two_and_two(d, pulls)
    return d


def _one_gaussian(d: Derivation) -> Any:
    """Returns: the factor of the curvature in the slope of a Gaussian by its variance."""
    d.say(
        r"""The family is $q = \sum_j w_j n_j$ with $n_j = N(\mu_j, v I_d)$, the target $p = \sum_k w^\star_k
        N(\mu^\star_k, I_d)$, and the loss $L = \mathbb{E}_q[\log q - \beta \log p]$. A component is a product over
        coordinates, so one coordinate $x$ stands for all; the other factors are constants in it. Everything rests on
        four derivatives of one Gaussian:"""
    )
    n = component(x, mean)
    d.check("slope in the sample", sp.diff(n, x), n * (mean - x) / v, shown=r"\partial_x n")
    d.check("a moved mean moves the sample", sp.diff(n, mean), -sp.diff(n, x), shown=r"\partial_\mu n")
    widening = sp.Rational(1, 2)
    d.check("heat equation", sp.diff(n, v), widening * sp.diff(n, x, 2), shown=r"\partial_v n")
    d.check("curvature", sp.diff(n, x, 2), n * ((x - mean) ** 2 / v**2 - 1 / v), shown=r"\partial_x^2 n")
    return widening


def _means(d: Derivation) -> tuple[Any, Any]:
    """Returns: the pulls of a mean and of a mode on the mean of a component."""
    d.say(
        r"""Let $\mathbb{E}_i$ be the mean under component $i$. For a fixed function $f$ that grows less than the
        Gaussian falls, the second derivative and integration by parts give $\nabla_{\mu_i} \mathbb{E}_q[f] =
        w_i \mathbb{E}_i[\nabla f]$; with the first
        this is Stein's lemma, $\mathbb{E}_i[(x - \mu_i) f] = v\,\mathbb{E}_i[\nabla f]$. In the loss
        $\log q$ depends on $\mu_i$ too, but $\mathbb{E}_q[\partial \log q] = \partial \int q = 0$ for every
        parameter. Hence $-\nabla_{\mu_i} L = -w_i \mathbb{E}_i[\nabla \log q - \beta \nabla \log p]$. Summing the first
        derivative over the components, with the responsibilities $r_j = w_j n_j/q$ (and $r^\star_k$ in $p$, of unit
        variance):"""
    )
    d.step(
        "slopes of the log-densities",
        {
            r"\nabla \log q": r"\frac{1}{v} \left( \sum_j r_j \mu_j - x \right)",
            r"\nabla \log p": r"\sum_k r^\star_k \mu^\star_k - x",
        },
    )
    terms, total = _three(), sum(_three())
    written = {share: one / total for share, one in zip(_SHARES, terms, strict=True)}
    slope = (sum(share * centre for share, centre in zip(_SHARES, _CENTRES, strict=True)) - x) / v
    d.check("written out for three components", sp.diff(log(total), x), slope.xreplace(written),
            shown=r"\partial_x \log q")  # fmt: skip
    d.say(
        r"""Their means under component $i$ need $\mathbb{E}_i[x] = \mu_i$, $A_{ij} = \mathbb{E}_i[r_j]$ and
        $B_{ik} = \mathbb{E}_i[r^\star_k]$ only:"""
    )
    d.step(
        "gradient in a mean",
        r"w_i \left[ \frac{\mu_i}{v} - \frac{1}{v} \sum_j A_{ij} \mu_j"
        r" - \beta \mu_i + \beta \sum_k B_{ik} \mu^\star_k \right]",
        r"-\nabla_{\mu_i} L", name="mean_gradient",
    )  # fmt: skip
    # Of the sample's mean mu_i and of the weighted sum, mean j has these shares; the modes have the variance 1.
    rest = dict.fromkeys(_SHARES[1:], 0)
    family, target = slope.xreplace(rest), slope.subs(v, 1).xreplace(rest)
    by_mean = family.xreplace({_SHARES[0]: own_share, x: same * _CENTRES[0]}) - beta * target.xreplace(
        {_SHARES[0]: 0, x: same * _CENTRES[0]}
    )
    by_mode = -beta * target.xreplace({_SHARES[0]: mode_share, x: 0})
    mean_pull, mode_pull = (sp.collect(-w_i * sp.diff(one, _CENTRES[0]), beta) for one in (by_mean, by_mode))
    d.output(
        "mean_pull", mean_pull, r"\partial(-\nabla_{\mu_i} L)/\partial \mu_j",
        "coefficient of mean j in -grad L of mean i",
    )  # fmt: skip
    d.output(
        "mode_pull", mode_pull, r"\partial(-\nabla_{\mu_i} L)/\partial \mu^\star_k",
        "coefficient of mode k in -grad L of mean i",
    )  # fmt: skip
    return mean_pull, mode_pull


def _three() -> list[Any]:
    shares = sp.symbols("w_1:4", positive=True)
    return [share * component(x, centre) for share, centre in zip(shares, _CENTRES, strict=True)]


def _variance(d: Derivation, widening: Any) -> None:
    d.say(
        r"""By the heat equation and two integrations by parts a wider component averages the Laplacian,
        $\partial_v \mathbb{E}_i[f] = \tfrac{1}{2} \mathbb{E}_i[\Delta f]$, and
        $\mathbb{E}_q[\partial_v \log q] = 0$:"""
    )
    d.step(
        "gradient in the variance",
        r"\tfrac{1}{2}\, \mathbb{E}_q \left[ \Delta (\log q - \beta \log p) \right]", r"\partial L/\partial v",
        name="variance_gradient",
    )  # fmt: skip
    terms, total = _three(), sum(_three())
    first = sum(one * centre for one, centre in zip(terms, _CENTRES, strict=True)) / total
    second = sum(one * centre**2 for one, centre in zip(terms, _CENTRES, strict=True)) / total
    d.say(
        r"""From $\partial_x^2 \log q = \partial_x^2 q/q - (\partial_x q/q)^2$ and the curvature of each component, a
        coordinate contributes the spread of the means, weighted by $r$:"""
    )
    curvature = own_spread / v**2 - 1 / v
    d.check(
        "curvature of log q, written out for three components", sp.diff(log(total), x, 2),
        curvature.subs(own_spread, second - first**2), shown=r"\partial_x^2 \log q",
    )  # fmt: skip
    d.say(
        r"""With $S^q_i = \mathbb{E}_i[\sum_j r_j |\mu_j|^2 - |\sum_j r_j \mu_j|^2]$ and $S^p_i$ likewise for the modes,
        the gradient is the weighted mean over the components of"""
    )
    # Of d coordinates: their spreads add up, the rest is the same in each.
    alike = curvature.subs(own_spread, 0)
    own = curvature - alike + dim * alike
    value = widening * (own - beta * own.subs({v: 1, own_spread: mode_spread}))
    spreads, modes = sp.symbols("S_1:3", positive=True), sp.symbols("S^p_1:3", positive=True)
    each = [
        curvature.subs(own_spread, one) - beta * curvature.subs({own_spread: other, v: 1})
        for one, other in zip(spreads, modes, strict=True)
    ]
    both = {dim: 2, own_spread: sum(spreads), mode_spread: sum(modes)}
    d.verify("two coordinates", widening * sum(each), value.subs(both))
    d.verify("of one component", value.subs({own_spread: 0, mode_spread: 0}), mean_slope_in_variance(dim))
    d.output(
        "variance_slope", value,
        r"\tfrac{1}{2} \mathbb{E}_i [\Delta (\log q - \beta \log p)]",
        "component i's part of the slope of L in v, before its weight",
    )  # fmt: skip


def _weights(d: Derivation) -> None:
    d.say(
        r"""$L$ is linear in each weight apart from $\log q$, whose own derivative again averages to a constant:
        $\partial L/\partial w_j = e_j + 1$ with $e_j = \mathbb{E}_j[\log q - \beta \log p]$. For softmax weights
        $w_j = e^{a_j}/\sum_l e^{a_l}$, all other terms of the sum standing for one constant,"""
    )
    a_i, a_j, rest = sp.symbols("a_i a_j rest", positive=True)
    total = exp(a_i) + exp(a_j) + rest
    first, other = exp(a_i) / total, exp(a_j) / total
    d.check(
        "derivatives of the softmax", [sp.diff(first, a_i), sp.diff(other, a_i)], [first * (1 - first), -first * other],
        shown=[r"\partial w_i/\partial a_i", r"\partial w_j/\partial a_i"],
    )  # fmt: skip
    d.say(
        r"""so $\partial L/\partial a_i = w_i (e_i + 1) - w_i \sum_j w_j (e_j + 1)$, and the ones cancel; with $\bar e =
        \sum_j w_j e_j$, for three weights:"""
    )
    logits, losses = sp.symbols("a_1:4", real=True), sp.symbols("e_1:4", real=True)
    weights = [exp(one) / sum(exp(a) for a in logits) for one in logits]
    chain = sum((e + 1) * sp.diff(weight, logits[0]) for e, weight in zip(losses, weights, strict=True))
    mean = sum(weight * e for e, weight in zip(losses, weights, strict=True))
    closed = w_i * (component_loss - mean_loss)
    d.verify(
        "gradient in a logit", chain, closed.xreplace({w_i: weights[0], component_loss: losses[0], mean_loss: mean})
    )
    d.output("logit_gradient", closed, r"\partial L/\partial a_i", "slope of L in a_i")


def _two_and_two(d: Derivation, pulls: tuple[Any, Any]) -> None:
    d.say(
        r"""**Two components, two modes** at $\pm\mu^\star$ with weights $w^\star$, $1 - w^\star$ and
        $h = \tfrac{1}{2} \log\frac{w^\star}{1-w^\star}$. Along $\mu^\star$ write $x$ for $x \cdot \mu^\star$."""
    )
    odds = 1 / (1 + exp(-2 * h))
    up, down = odds * exp(x), (1 - odds) * exp(-x)
    d.check("the mean label", (up - down) / (up + down), sp.tanh(x + h).rewrite(exp), shown=r"r^\star_+ - r^\star_-")
    ratio = (up + down) / (2 * sp.sqrt(odds * (1 - odds)) * sp.cosh(x + h))
    d.check(
        "the target's density",
        ratio.rewrite(exp) ** 2,
        sp.Integer(1),
        shown=r"\left( \frac{w^\star e^x + (1-w^\star) e^{-x}}{2\sqrt{w^\star(1-w^\star)}\cosh(x+h)} \right)^2",
    )
    d.say(
        r"""so $\log p = \log\cosh(x \cdot \mu^\star + h) - |x|^2/2$ up to a constant. Under component $i$ the scalar
        $x \cdot \mu^\star$ is $m_i + \sqrt v R z$: the sum over modes becomes $\psi(m_i) \mu^\star$ (for $v \ne 1$ with
        $\sqrt v R$ in the place of $R$). In units of $\sqrt v$ the two components are a two-point label at distance
        $D/\sqrt v$, so $w_1 A_{12} = w_2 A_{21} = G(D/\sqrt v)$:"""
    )
    w_2 = 1 - w_1
    shares = [[1 - overlap / w_1, overlap / w_1], [overlap / w_2, 1 - overlap / w_2]]
    means, labels, weights = (mean_1, mean_2), (psi_1, psi_2), (w_1, w_2)
    by_mean, by_mode = pulls
    assembled = [
        sum(by_mean.xreplace({w_i: weights[i], same: sp.Integer(i == j), own_share: shares[i][j]}) * means[j]
            for j in range(2))
        + sum(by_mode.xreplace({w_i: weights[i], mode_share: (1 + side * labels[i]) / 2}) * side * mode
              for side in (1, -1))
        for i in range(2)
    ]  # fmt: skip
    closed = [
        w_1 * beta * (-mean_1 + psi_1 * mode) + overlap / v * (mean_1 - mean_2),
        w_2 * beta * (-mean_2 + psi_2 * mode) + overlap / v * (mean_2 - mean_1),
    ]
    left = [r"-\nabla_{\mu_1} L", r"-\nabla_{\mu_2} L"]
    d.check("the general gradient for two and two", assembled, closed, shown=left)
    d.step("gradient of a pair, with G at D/sqrt(v)", closed, left, name="pair_gradient")
    _from_the_loss(d, closed, left)


def _from_the_loss(d: Derivation, closed: list[Any], left: list[str]) -> None:
    d.say(
        r"""The same gradient follows from the value of the loss. For $v = 1$, $\mathbb{E}_q[\log q] = -I(D)$ up to
        a constant, $\mathbb{E}_i|x|^2 = |\mu_i|^2 + d$ and
        $\mathbb{E}_i \log\cosh(x \cdot \mu^\star + h) = \phi(m_i)$:"""
    )
    d.step(
        "the loss of a pair",
        r"-I(|\mu_1 - \mu_2|) + \beta \sum_i w_i \left( \tfrac{1}{2} |\mu_i|^2 - \phi(\mu_i \cdot \mu^\star) \right)",
        "L", name="pair_loss",
    )  # fmt: skip
    far, elsewhere_1, elsewhere_2 = sp.Symbol("far", positive=True), *sp.symbols("n_1 n_2", real=True)
    distance = sp.sqrt((mean_1 - mean_2) ** 2 + far)
    overlaps = (mean_1 * mode + elsewhere_1, mean_2 * mode + elsewhere_2)
    value = -information(distance) + beta * (
        w_1 * (mean_1**2 / 2 - phi(overlaps[0])) + (1 - w_1) * (mean_2**2 / 2 - phi(overlaps[1]))
    )
    values = {psi(overlaps[0]): psi_1, psi(overlaps[1]): psi_2, G(distance): overlap}
    slopes = [-sp.diff(value, one).xreplace(values) for one in (mean_1, mean_2)]
    d.check("with I' = D G and phi' = psi", slopes, [one.subs(v, 1) for one in closed], shown=left)
