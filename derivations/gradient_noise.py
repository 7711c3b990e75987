r"""The noise of the gradient of a pair of equal weights: its covariance, and what it does to the statistics.

Source: theory section 12.  Output: the variance across both axes and the covariance in their plane, of one sample of
each component; the drift that noise gives the length across the axis.
"""

from functools import cache
from typing import Any

import mpmath
import sympy as sp

from derivations.core import DIGITS, Derivation
from derivations.symbols import (
    D,
    R,
    across2,
    beta,
    delta,
    overlap,
    overlap_in_square,
    perp,
    psi_1,
    psi_2,
    psi_prime_1,
    psi_prime_2,
    symbol,
)

score, dim, across_variance = symbol("score"), symbol("dim"), symbol("across_variance")
half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
r, t = sp.symbols("r t", real=True)  # of a sample: responsibility of the other component, mean label of the target
e_1, e_2 = sp.symbols("epsilon_1 epsilon_2", real=True)  # the sample's noise along mu* and along the rest of Delta
side = sp.Symbol("sigma", real=True)  # 1 for the first component, -1 for the second
square = sp.Symbol("H", positive=True)  # mean of the squared overlap
_GAP, _REST = delta / R, perp  # Delta along both axes


@cache
def derive() -> Derivation:
    """From one sample of a component to the noise of the statistics."""
    d = Derivation("gradient_noise", "theory section 12", "The noise of the gradient")
    _samples(d)
    _moments(d)
    _across(d)
    _plane(d)
    _alignment(d)
    return d


def _samples(d: Derivation) -> None:
    d.say(
        r"""Each component of a family of equal weights draws its own batch of $B$ points $x = \mu_j + \epsilon$. Let
        $r$ be the responsibility of the *other* component at $x$, $t = \tanh(x \cdot \mu^\star + h)$,
        $\Delta = \mu_1 - \mu_2$, and $\sigma = 1$ for the first component, $-1$ for the second. With $\chi = 1$ the
        gradient has its score term (*plain*: the derivative of the estimated loss), with $\chi = 0$ it has not
        (*path*). A point gives to its own mean and to the other one, half of each by the weights,"""
    )
    own = (beta - 1 + score * (1 - r)) * e_1 - r * side * _GAP - beta * t * R
    other = score * r * (e_1 + side * _GAP)
    d.step(
        "a sample's gradients along mu*, up to what does not fluctuate",
        {r"g_{\mathrm{own}}": own, r"g_{\mathrm{other}}": other},
        words=r"Along other directions the same, without $t$, and with $\Delta$'s coordinate there.",
    )
    total, gap = _sum_and_gap()
    d.check("of the sum of both means", own + other, total, shown=r"g_1 + g_2")
    d.check("of their difference, by sigma^2 = 1", _squared(side * (own - other)), _squared(gap), shown="g_1 - g_2")


def _sum_and_gap() -> tuple[Any, Any]:
    """What a sample adds to g1 + g2 and to g1 - g2 along mu*, times two; constants are left out."""
    a = beta - 1 + score
    return (
        a * e_1 - (1 - score) * side * r * _GAP - beta * t * R,
        side * ((a - 2 * score * r) * e_1 - beta * t * R) - (1 + score) * r * _GAP,
    )


def _squared(value: Any) -> Any:
    """sigma^2 = 1."""
    value = sp.expand(value)
    return sp.expand(value.subs({side**power: side ** (power % 2) for power in range(6, 1, -1)}))


def _moments(d: Derivation) -> None:
    d.say(
        r"""**Averages of powers of $r$.** With equal weights, reflection at the middle of the pair exchanges the
        components and keeps $q$, so $\mathbb{E}_1[r^k] = \mathbb{E}_q[r_1 r_2 (r_1^{k-1} + r_2^{k-1})]$ for both.
        In $p = r_1 r_2$, with $G = \mathbb{E}_q[p]$ and $H = \mathbb{E}_q[p^2]$:"""
    )
    one, p = sp.symbols("r_1 p", real=True)
    sums = {1: sp.Integer(2), 2: sp.Integer(1), 3: 1 - 2 * p, 4: 1 - 3 * p}
    for power, closed in sums.items():
        d.verify(f"power {power}", one ** (power - 1) + (1 - one) ** (power - 1), closed.subs(p, one * (1 - one)))
    moments = _powers(overlap, square)
    d.step("powers", {rf"\mathbb{{E}}[r^{k}]": moments[k] for k in (1, 2, 3, 4)}, name="responsibility_powers")
    d.say(
        r"""$H$ is the slope of $G$. Under the first component $r = S(-D^2/2 - D z)$ with the logistic function $S$,
        $S' = S - S^2$; Stein's lemma turns the factor $z$ into one more derivative:"""
    )
    first, second = r - r**2, (1 - 2 * r) * (r - r**2)
    d.verify("second derivative", sp.diff(first, r) * first, second)
    slope = _mean(sp.expand(-D * first + D * second), moments)  # of S(-D^2/2 - D z): -(D + z) S', and E[z S'] = -D S''
    d.check("slope of 2 G = E[r]", slope, -4 * D * square, shown=r"\frac{d}{dD} \mathbb{E}[r]")
    d.say(r"In $X = D^2/4$ that is $H = -G_X/4$.")
    d.verify("in the square", sp.solve(slope / 2 - overlap_in_square * D / 2, square)[0], -overlap_in_square / 4)
    _moments_in_numbers(d)


def _moments_in_numbers(d: Derivation) -> None:
    """The powers against integrals at one distance, G and H by integrals over the mixture."""
    gap = mpmath.mpf(13) / 10
    with mpmath.workdps(DIGITS + 5):

        def mean(power: int) -> Any:
            return mpmath.quad(lambda z: mpmath.npdf(z) / (1 + mpmath.exp(gap**2 / 2 + gap * z)) ** power, _PANELS)

        def product(power: int) -> Any:
            def weighed(y: Any) -> Any:
                near, far = mpmath.npdf(y - gap / 2), mpmath.npdf(y + gap / 2)
                return (near + far) / 2 * (near * far / (near + far) ** 2) ** power

            return mpmath.quad(weighed, _PANELS)

        known = {overlap: product(1), square: product(2)}
        pairs = []
        for power, value in _powers(overlap, square).items():
            coefficients = [value.coeff(letter) for letter in known]
            pairs.append((sum(int(c) * known[k] for c, k in zip(coefficients, known, strict=True)), mean(power)))
        d.check_numbers("the four powers at D = 1.3", r"\mathbb{E}[r^k]", r"\int r^k\,\varphi(z)\,dz", pairs)


_PANELS = [-40, -20, -12, -8, -5, -3, -1, 0, 1, 3, 5, 8, 12, 20, 40]


def _powers(first: Any, second: Any) -> dict[int, Any]:
    return {1: 2 * first, 2: first, 3: first - 2 * second, 4: first - 3 * second}


def _mean(value: Any, moments: Any) -> Any:
    """The mean of a polynomial in r and t, with the labels uncorrelated: t has the mean psi, its square 1 - psi'."""
    psi, psi_prime = sp.symbols("psi psi'", real=True)
    means = {0: sp.Integer(1), 1: psi, 2: 1 - psi_prime}
    total = sp.Integer(0)
    for (powers_r, powers_t), coefficient in sp.Poly(value, r, t).terms():
        total += coefficient * (moments[powers_r] if powers_r else 1) * means[powers_t]
    return sp.expand(total)


def _stein(value: Any) -> Any:
    """A polynomial in the noise, r and t as one in r and t of the same mean: E[eps F] = E[dF/d eps]."""
    value = sp.expand(value)
    for noise, gap, by_t in ((e_1, _GAP, R), (e_2, _REST, 0)):
        while value.has(noise):
            total = sp.Integer(0)
            for (power,), factor in sp.Poly(value, noise).terms():
                if power:
                    rest = noise ** (power - 1) * factor
                    total += (
                        sp.diff(rest, noise) - side * gap * (r - r**2) * sp.diff(rest, r)
                        + by_t * (1 - t**2) * sp.diff(rest, t)
                    )  # fmt: skip
                else:
                    total += factor
            value = sp.expand(total)
    return value


def _covariance(first: Any, second: Any) -> Any:
    """Of what one sample of each component gives to two statistics, the products summed over both components."""
    moments = {k: one.subs(square, -overlap_in_square / 4) for k, one in _powers(overlap, square).items()}
    psi, psi_prime = sp.symbols("psi psi'", real=True)
    total = sp.Integer(0)
    for sign, values in ((1, (psi_1, psi_prime_1)), (-1, (psi_2, psi_prime_2))):
        product, one, other = (
            _mean(_stein(value).subs(side, sign), moments) for value in (first * second, first, second)
        )
        total += (product - one * other).subs({psi: values[0], psi_prime: values[1]}, simultaneous=True)
    return _tidy(total)


def _tidy(value: Any) -> Any:
    """c^2 = c, and collected in beta."""
    value = sp.expand(value)
    value = sp.expand(value.subs({score**power: score for power in range(4, 1, -1)}))
    return sp.collect(value, beta)


def _across(d: Derivation) -> None:
    d.say(
        r"""**Across both axes**, $\mu^\star$ and $\Delta$, $\epsilon$ is independent of $r$ and $t$. There the noise of
        $\Delta$ is exactly as large as this, for batches of one, in every direction:"""
    )
    sample = side * (beta - 1 + score - 2 * score * r) * half
    moments = {k: one.subs(square, -overlap_in_square / 4) for k, one in _powers(overlap, square).items()}
    value = _tidy(2 * _mean(_squared(sample**2), moments))
    plain = (beta**2 + 4 * overlap * (1 - 2 * beta)) / 2
    d.check("plain", value.subs(score, 1), plain, shown=r"V\big|_{\chi=1}")
    d.check("path", value.subs(score, 0), (1 - beta) ** 2 / 2, shown=r"V\big|_{\chi=0}")
    d.check("plain, of a pair at one place", plain.subs(overlap, quarter), (1 - beta) ** 2 / 2, shown=r"V\big|_{D=0}")
    d.output("noise_across", value, "V", "variance of Delta's gradient, for batches of 1, along any direction across")


def _plane(d: Derivation) -> None:
    d.say(
        r"""**In the plane of both axes** let the first be $\mu^\star$'s and the second that of $\Delta_\perp$.
        Stein's lemma leaves averages of polynomials in $r$ and $t$. All are exact but the products of $r$ with $t$,
        whose labels are taken as uncorrelated. Their arguments are $R \epsilon_1$ and
        $-\sigma \Delta \cdot \epsilon$, of the covariance $-\sigma \delta$, so that this too is exact where
        $\delta = 0$, which is where noise decides. By the weights 1/2, and a factor $R$ for overlaps, of $s$, $\delta$
        and $|\Delta_\perp|$:"""
    )
    total, gap = _sum_and_gap()
    rest = side * (beta - 1 + score - 2 * score * r) * e_2 - (1 + score) * r * _REST
    vectors = [R / 4 * total, R / 2 * gap, rest / 2]
    entries = [_covariance(vectors[i], vectors[j]) for i in range(3) for j in range(i, 3)]
    left = ["C_{ss}", r"C_{s\delta}", r"C_{s\perp}", r"C_{\delta\delta}", r"C_{\delta\perp}", r"C_{\perp\perp}"]
    aligned = {delta: 0, overlap: quarter, overlap_in_square: -quarter, perp: 0}
    joint = {psi_2: psi_1, psi_prime_2: psi_prime_1}
    one = R**2 / 2 * ((1 - beta) ** 2 + 2 * beta * (1 - beta) * R**2 * psi_prime_1
                      + beta**2 * R**2 * (1 - psi_prime_1 - psi_1**2))  # fmt: skip
    for name, value in (("plain", 1), ("path", 0)):
        d.check(f"of a pair at one place, {name}", entries[3].subs(score, value).subs(aligned).subs(joint), one,
                shown=r"C_{\delta\delta}")  # fmt: skip
    names = "covariance of the gradients of s, delta and |Delta_perp|, for batches of 1: ss, sd, sp, dd, dp, pp"
    d.output("noise_in_plane", entries, left, names, report=False)


def _alignment(d: Derivation) -> None:
    d.say(
        r"""**What noise does.** Steps of $\eta$ on batches of $B$ make $\Delta$ a diffusion: per unit of time its
        covariance grows by $\eta/B$ times these. Let $V$ be the variance across that a unit of time adds, in each of
        the $d - 1$ directions across $\mu^\star$. By Ito's formula"""
    )
    letters = sp.symbols("Delta_1:4", real=True)  # as many as d - 1 = 3 directions
    length2 = sum(one**2 for one in letters)
    for power, several, stated in (
        ("the square", length2, (dim - 1) * across_variance),
        ("its logarithm", sp.log(length2), (dim - 3) * across_variance / across2),
    ):
        drift = across_variance / 2 * sum(sp.diff(several, one, 2) for one in letters)
        d.check(f"drift of {power}, d = 4", sp.simplify(drift), stated.subs({dim: 4, across2: length2}),
                shown=r"\mathrm{drift}")  # fmt: skip
    spread = sum(sp.diff(sp.log(length2) / 2, one) ** 2 for one in letters)
    d.check("spread of the logarithm of the length", sp.simplify(across_variance * spread), across_variance / length2,
            shown=r"\mathrm{variance\ of}\ \log|\Delta_\perp|")  # fmt: skip
    d.say(
        r"""The drift of the logarithm is that of a typical run. The repulsion moves $\delta$ and $|\Delta_\perp|$ by
        one factor, so noise alone lowers $\log\rho$: by half this drift, with fluctuations smaller by $\sqrt{d-3}$."""
    )
    d.say(
        r"""A typical run therefore has $|\Delta_\perp|^2$ enlarged by $(d - 3) V$ in a step. Of a deviation of
        $\log|\Delta_\perp|$ from it the share $k$ is kept, and noise adds a variance:"""
    )
    log_length = sp.Symbol("ell", real=True)
    moved = sp.exp(2 * log_length) + (dim - 3) * across_variance
    kept = sp.diff(sp.log(moved) / 2, log_length).subs(log_length, sp.log(across2) / 2)
    square = across2 + (dim - 3) * across_variance
    d.check("share kept", sp.simplify(kept), across2 / square, shown="k")
    d.output(
        "typical_length", [square, across2 / square, across_variance / square],
        [r"|\Delta_\perp|^2_{\mathrm{after}}", "k", r"\mathrm{variance\ added}"],
        "after noise across: squared length of a typical run, share of a deviation of its logarithm that is kept, "
        "variance that is added to it",
    )  # fmt: skip
    _quantiles(d)


def _quantiles(d: Derivation) -> None:
    d.say(
        r"""**Quantiles.** While $\delta$ is small it obeys a linear equation, $d\delta = \lambda(t)\,\delta\,dt + dW$:
        a step multiplies it by $a$ and adds noise of variance $C$. The start's $\delta(0)$ is Gaussian of the variance
        $2 R^2 \sigma^2$ and independent of $|\Delta_\perp|$, so $\delta$ stays Gaussian, with the mean square"""
    )
    factor, width, spread2 = (symbol(name) for name in ("growth_factor", "noise_variance", "spread_square"))
    before, kick = sp.symbols("delta w", real=True)
    after = sp.Poly(sp.expand((factor * before + kick) ** 2), before, kick)
    means = {(2, 0): spread2, (0, 2): width, (1, 1): sp.Integer(0)}  # the kick is independent, of mean zero
    value = sum(coefficient * means[powers] for powers, coefficient in after.terms())
    d.output("spread_after", value, r"S^2_{\mathrm{after}}", "mean square of delta after a step with noise")
    d.say(
        r"""and $\delta = \zeta S(t)$ is the run that stays at one quantile: $\zeta$ is standard normal. Where $\delta$
        is no longer small the drift alone moves it, and keeps the order of runs, so that quantiles are kept there too;
        in the same way a run keeps its quantile of $|\Delta_\perp|$. Let $\zeta_c$ be the quantile at which the run
        changes its fate. Averaged over the start's $s$ and the quantiles of $|\Delta_\perp|$, this is the probability
        of collapse; without noise it is that of theory section 5, and where noise has erased the start it is that of
        directions drawn anew. What is left out is noise that moves $\delta$ where it is no longer small:"""
    )
    d.step(
        "probability of collapse with noise",
        r"\mathbb{E}_{s(0), |\Delta_\perp|} \left[ \mathrm{erf} \frac{\zeta_c}{\sqrt{2}} \right], \qquad S(0)^2 ="
        r" 2 R^2 \sigma^2", "P", name="noisy_probability",
    )  # fmt: skip
