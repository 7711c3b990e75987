r"""The noise of the gradient for any weights and any common variance, component by component, and on the sphere.

Source: theory section 12.  Output: the covariance of what one sample of a component gives to its own mean and to the
other one, in the plane of the axes and across both; what projection onto the sphere leaves of noise.
"""

from functools import cache
from typing import Any

import mpmath
import sympy as sp

from derivations.core import DIGITS, Derivation
from derivations.gradient import derive as gradient
from derivations.gradient_noise import across_variance, score
from derivations.gradient_noise import derive as equal_noise
from derivations.sphere_flow import derive as sphere_flow
from derivations.symbols import (
    R,
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
    v,
    w_i,
)

label, label_slope = symbol("label_mean"), symbol("label_slope")
apart, aside = symbol("gap_along"), symbol("gap_across")
POWERS = tuple(symbol(f"share_power_{k}") for k in (1, 2, 3, 4))
r, t = sp.symbols("r t", real=True)  # of a sample: responsibility of the other component, mean label of the target
e_1, e_2 = sp.symbols("epsilon_1 epsilon_2", real=True)  # the sample's noise along mu* and along the rest of Delta
_ROOT = sp.sqrt(v)
half = sp.Rational(1, 2)
_PLANE = [r"(\mathrm{own}, \mathrm{own})_{11}", r"(\mathrm{own}, \mathrm{own})_{12}",
          r"(\mathrm{own}, \mathrm{own})_{22}", r"(\mathrm{own}, \mathrm{other})_{11}",
          r"(\mathrm{own}, \mathrm{other})_{12}", r"(\mathrm{own}, \mathrm{other})_{21}",
          r"(\mathrm{own}, \mathrm{other})_{22}", r"(\mathrm{other}, \mathrm{other})_{11}",
          r"(\mathrm{other}, \mathrm{other})_{12}", r"(\mathrm{other}, \mathrm{other})_{22}"]  # fmt: skip


@cache
def derive() -> Derivation:
    """From one sample of a component to the noise of both means."""
    d = Derivation("component_noise", "theory section 12", "The noise of any weights, and on the sphere")
    own, other = _samples(d)
    _mean(d, own, other)
    entries = _covariances(own, other)
    across = _across(d)
    _plane(d, entries)
    _equal(d, entries, across)
    _sphere(d)
    return d


def _samples(d: Derivation) -> tuple[Any, Any]:
    """What a sample gives to its own mean and to the other, along mu* and along the rest of the gap."""
    d.say(
        r"""A component of weight $w_i$ draws its own batch of points $x = \mu_i + \sqrt v \epsilon$. Let $g$ be the gap
        from the other mean to $\mu_i$, $g_1$ along $\mu^\star$ and $g_2$ along the rest of it, $r$ the responsibility
        of the other component at $x$, $t = \tanh(x \cdot \mu^\star + h)$, and $\chi = 1$ for plain gradients, 0 for
        those of the path. Up to what does not fluctuate a point gives to its own mean and to the other, along both,"""
    )
    tie = w_i * (beta * _ROOT - (1 - score * (1 - r)) / _ROOT)
    own = tuple(tie * e - w_i * r * gap / v - w_i * beta * t * pull for e, gap, pull in _axes())
    other = tuple(score * w_i * r * (gap / v + e / _ROOT) for e, gap, _ in _axes())
    d.step("a sample's gradients", {
        r"g_{\mathrm{own}, 1}": own[0], r"g_{\mathrm{own}, 2}": own[1], r"g_{\mathrm{other}, 1}": other[0],
        r"g_{\mathrm{other}, 2}": other[1]})  # fmt: skip
    return own, other


def _axes() -> tuple[tuple[Any, Any, Any], ...]:
    """Noise of a sample, gap and pull of the target along both axes."""
    return (e_1, apart, R), (e_2, aside, sp.Integer(0))


def _mean(d: Derivation, own: Any, other: Any) -> None:
    d.say(
        r"""**Averages.** Stein's lemma $\mathbb{E}[\epsilon F] = \mathbb{E}[\partial_\epsilon F]$ with
        $\partial_\epsilon r = -(r - r^2) g/\sqrt v$ and $\partial_{\epsilon_1} t = \sqrt v R (1 - t^2)$ leaves powers
        of $r$ and $t$. Without its score the mean is the gradient of the loss (page The gradient of the loss). The
        score's parts cancel between the components, since $w_i \mathbb{E}_i[r - r^2]$ is the other's
        $w \mathbb{E}[r^2]$: both are the mean of one product of responsibilities over the family."""
    )
    known, (second, first) = gradient().outputs, (POWERS[1], POWERS[0])
    push = known["mean_pull"].value.subs({symbol("same"): 0, symbol("own_share"): first})
    modes = known["mode_pull"].value
    pull = modes.subs(symbol("mode_share"), (1 + label) / 2) - modes.subs(symbol("mode_share"), (1 - label) / 2)
    for place, (_, gap, reach) in enumerate(_axes()):
        path = _average(own[place]).subs(score, 0)
        d.check(f"mean of the path, axis {place + 1}", path, push * gap - pull * reach, shown=f"g_{place + 1}")
        d.check(f"of the score, own, axis {place + 1}", _average(own[place]) - path,
                score * w_i * (first - second) * gap / v, shown=f"g_{place + 1}")  # fmt: skip
        d.check(f"of the score, other, axis {place + 1}", _average(other[place]), score * w_i * second * gap / v,
                shown=f"g_{place + 1}")  # fmt: skip


def _stein(value: Any) -> Any:
    """A polynomial in the noise, r and t as one in r and t of the same mean: E[eps F] = E[dF/d eps]."""
    value = sp.expand(value)
    for noise, gap, by_t in ((e_1, apart, R * _ROOT), (e_2, aside, sp.Integer(0))):
        while value.has(noise):
            total = sp.Integer(0)
            for (power,), factor in sp.Poly(value, noise).terms():
                rest = noise ** (power - 1) * factor if power else sp.Integer(0)
                turned = -gap / _ROOT * (r - r**2) * sp.diff(rest, r) + by_t * (1 - t**2) * sp.diff(rest, t)
                total += sp.diff(rest, noise) + turned if power else factor
            value = sp.expand(total)
    return value


def _average(value: Any) -> Any:
    """The mean of a sample's number, with the labels of family and target uncorrelated."""
    means, total = {0: sp.Integer(1), 1: label, 2: 1 - label_slope}, sp.Integer(0)
    for (power_r, power_t), factor in sp.Poly(_stein(value), r, t).terms():
        total += factor * (POWERS[power_r - 1] if power_r else 1) * means[power_t]
    return sp.expand(total)


def _covariance(first: Any, second: Any) -> Any:
    value = _average(first * second) - _average(first) * _average(second)
    value = sp.expand(value)
    return sp.collect(value.subs({score**power: score for power in (4, 3, 2)}), beta)


def _covariances(own: Any, other: Any) -> list[Any]:
    """Entries in the order of `_PLANE`."""
    inner = (0, 0), (0, 1), (1, 1)
    mixed = (0, 0), (0, 1), (1, 0), (1, 1)
    return [
        *(_covariance(own[i], own[j]) for i, j in inner),
        *(_covariance(own[i], other[j]) for i, j in mixed),
        *(_covariance(other[i], other[j]) for i, j in inner),
    ]


def _across(d: Derivation) -> list[Any]:
    d.say(
        r"""**Across both axes** $\epsilon$ is independent of $r$ and $t$, and the covariance is exact: for batches of
        one, along any direction, of the own mean, of both, and of the other,"""
    )
    tie, push = w_i * (beta * _ROOT - (1 - score * (1 - r)) / _ROOT), score * w_i * r / _ROOT
    entries = [_covariance_across(*pair) for pair in ((tie, tie), (tie, push), (push, push))]
    left = [r"V_{\mathrm{own}}", r"V_{\mathrm{mixed}}", r"V_{\mathrm{other}}"]
    words = "covariance, for batches of 1, that a component gives its own mean, both and the other, along any direction"
    d.output("component_noise_across", entries, left, words + " across")
    return entries


def _covariance_across(first: Any, second: Any) -> Any:
    value = sp.Integer(0)
    for (power,), factor in sp.Poly(sp.expand(first * second), r).terms():
        value += factor * (POWERS[power - 1] if power else 1)
    return sp.expand(value).subs({score**power: score for power in (3, 2)})


def _plane(d: Derivation, entries: list[Any]) -> None:
    d.say(
        r"""**In the plane** the products of $r$ with $t$ have their labels uncorrelated, which is exact where
        $g_1 = 0$. Both components draw on their own, so that their covariances add."""
    )
    words = "covariance of what a sample gives to (own, other) along both axes: own own 11, 12, 22; own other 11, 12, "
    d.output("component_noise", entries, _PLANE, words + "21, 22; other other 11, 12, 22", report=False)


def _equal(d: Derivation, entries: list[Any], across: list[Any]) -> None:
    d.say("For equal weights and variance 1 this is the noise of the page The noise of the gradient:")
    known = equal_noise().outputs
    square = -overlap_in_square / 4
    moments = dict(zip(POWERS, (2 * overlap, overlap, overlap - 2 * square, overlap - 3 * square), strict=True))
    alike = {w_i: half, v: 1} | moments
    own, mixed, other = (one.subs(alike) for one in across)
    d.check("across", 2 * (own - 2 * mixed + other), known["noise_across"].value, shown="V")
    plane = []
    for sign, mean, bend in ((1, psi_1, psi_prime_1), (-1, psi_2, psi_prime_2)):
        here = alike | {apart: sign * delta / R, aside: sign * perp, label: mean, label_slope: bend}
        plane.append([one.subs(here, simultaneous=True) for one in entries])
    first, second = plane
    sums = [a + b for a, b in zip(first, second, strict=True)]
    flat = known["noise_in_plane"].value
    d.check("of s", R**2 / 4 * (sums[0] + 2 * sums[3] + sums[7]), flat[0], shown="C_{ss}")
    d.check("of delta", R**2 * (sums[0] - 2 * sums[3] + sums[7]), flat[3], shown=r"C_{\delta\delta}")
    both = sums[1] - sums[4] - sums[5] + sums[8]
    d.check("of delta and the rest", R * both, flat[4], shown=r"C_{\delta\perp}")
    d.check("of the rest", sums[2] - 2 * sums[6] + sums[9], flat[5], shown=r"C_{\perp\perp}")
    _powers_in_numbers(d)


def _powers_in_numbers(d: Derivation) -> None:
    """w E[r] is the same of both components, and their second powers sum to it: what the kernels' sums must keep."""
    odds, gap = mpmath.log(mpmath.mpf(7) / 3), mpmath.mpf(17) / 10
    panels = [-40, -20, -12, -8, -5, -3, -1, 0, 1, 3, 5, 8, 12, 20, 40]
    with mpmath.workdps(DIGITS + 5):

        def mean(power: int, sign: int) -> Any:
            return mpmath.quad(
                lambda z: mpmath.npdf(z) / (1 + mpmath.exp(sign * odds + gap**2 / 2 + gap * z)) ** power, panels
            )

        shares = mpmath.mpf(7) / 10, mpmath.mpf(3) / 10
        odds = mpmath.log(shares[0] / shares[1])
        first, second = shares[0] * mean(1, 1), shares[1] * mean(1, -1)
        squares = shares[0] * mean(2, 1) + shares[1] * mean(2, -1)
        d.check_numbers(
            "weights 0.7 and 0.3, D = 1.7", r"w_1 \mathbb{E}_1[r] = w_2 \mathbb{E}_2[r]",
            r"w_1 \mathbb{E}_1[r^2] + w_2 \mathbb{E}_2[r^2]", [(first, second), (squares, first)],
        )  # fmt: skip


def _sphere(d: Derivation) -> None:
    """What projection leaves of noise, and what noise does to lengths."""
    d.say(
        r"""**On the sphere** every step ends with $\mu_i \to R \mu_i/|\mu_i|$. Of noise $\xi_i$ this leaves, to first
        order, its part across $\mu_i$. Let $a = m_i/R^2$ of a pair across the axis, with the cosine $c$, so that
        $\mu_{1,2}/R = a e + f \pm \Delta/(2R)$ with $e$ along $\mu^\star$ and $f$ across it and $\Delta$. Of
        $\xi_\Delta = \xi_1 - \xi_2$ and $\xi_\Sigma = \xi_1 + \xi_2$ the overlaps then see:"""
    )
    a, c = symbol("axis_cosine"), symbol("pair_cosine")
    axes = sp.symbols("xi_1:3_1:4", real=True)  # of both means along e, f and Delta
    first, second = sp.Matrix(axes[:3]), sp.Matrix(axes[3:])
    rest = sp.sqrt((1 + c) / 2 - a**2)
    place = [sp.Matrix([a, rest, sign * sp.sqrt((1 - c) / 2)]) for sign in (1, -1)]
    d.verify("of length 1", [sp.simplify(one.dot(one)) for one in place], [1, 1])
    seen = [noise[0] - one[0] * one.dot(noise) for one, noise in zip(place, (first, second), strict=True)]
    gap, total = sp.expand(seen[0] - seen[1]), sp.expand(seen[0] + seen[1])
    difference, whole = first - second, first + second
    wide = sp.sqrt((1 - c) / 2)
    d.check("difference", gap, sp.expand((1 - a**2) * difference[0] - a * rest * difference[1] - a * wide * whole[2]),
            shown=r"e \cdot (\xi_1 - \xi_2)")  # fmt: skip
    d.check("sum", total, sp.expand((1 - a**2) * whole[0] - a * rest * whole[1] - a * wide * difference[2]),
            shown=r"e \cdot (\xi_1 + \xi_2)")  # fmt: skip
    along_gap, along_sum = symbol("gap_noise_along"), symbol("sum_noise_along")
    aside_gap, aside_sum = symbol("gap_noise_aside"), symbol("sum_noise_aside")
    sum_variance = symbol("sum_variance")
    values = [
        (1 - a**2) ** 2 * along_gap + a**2 * (rest**2 * across_variance + wide**2 * aside_sum),
        (1 - a**2) ** 2 * along_sum + a**2 * (rest**2 * sum_variance + wide**2 * aside_gap),
    ]
    d.verify("variance of the difference", values[0],
             _variance(gap, axes, (along_gap, across_variance, 0), (0, 0, aside_sum)))  # fmt: skip
    d.verify("variance of the sum", values[1],
             _variance(total, axes, (0, 0, aside_gap), (along_sum, sum_variance, 0)))  # fmt: skip
    d.output("tangent_noise", values, [r"\mathrm{var}(e \cdot \Delta)", r"\mathrm{var}(e \cdot \Sigma)"],
             "variances that projected noise adds along the axis to mu_1 - mu_2 and mu_1 + mu_2")  # fmt: skip
    _lengths(d, c, sum_variance)
    _widening_of_sum(d)


def _widening_of_sum(d: Derivation) -> None:
    d.say(
        r"""A deviation of $M = m_1 + m_2$ from the drift of a pair across the axis grows at the slope of its rate (page
        Means on the sphere), in the clock:"""
    )
    total = symbol("overlap_sum")
    rate = sphere_flow().outputs["sphere_pair_flow"].value[1].subs({symbol("difference_cosine"): 0})
    mean = sp.Function("psi")
    along = rate.subs({psi_1: mean(total / 2), psi_2: mean(total / 2)})
    slope = sp.diff(along, total).doit()
    prime = sp.diff(mean(total / 2), total)
    closed = slope.subs(prime, label_slope / 2).subs(mean(total / 2), label)
    d.output("sum_slope", sp.expand(closed), r"\partial_M \dot M", "rate at which a deviation of m1 + m2 grows")
    n, o = sp.symbols("n_1 n_2", positive=True)  # densities of a component and the other
    whole = w_i * n + (1 - w_i) * o
    d.verify("w E[r] is G", w_i * n * (1 - w_i) * o / whole, whole * (w_i * n / whole) * ((1 - w_i) * o / whole))
    d.output("overlap_of_share", w_i * POWERS[0], "G", "overlap of the components, of a mean share", report=False)


def _variance(value: Any, axes: Any, of_gap: Any, of_sum: Any) -> Any:
    """Of a linear form in both means' noise, whose differences and sums along the axes have these variances."""
    gaps, sums = sp.symbols("g_1:4", real=True), sp.symbols("h_1:4", real=True)
    turned = {axes[k]: (sums[k] + gaps[k]) / 2 for k in range(3)}
    turned |= {axes[3 + k]: (sums[k] - gaps[k]) / 2 for k in range(3)}
    form = sp.expand(value.subs(turned))
    letters = [*zip(gaps, of_gap, strict=True), *zip(sums, of_sum, strict=True)]
    return sum(form.coeff(letter) ** 2 * variance for letter, variance in letters)


def _lengths(d: Derivation, c: Any, sum_variance: Any) -> None:
    d.say(
        r"""In the many directions across, noise of the variances $V$ and $W$ adds to the squares of $\Delta$ and
        $\Sigma = \mu_1 + \mu_2$, which are $2 R^2 (1 \mp c)$; projection takes their sum back to $4 R^2$. With $n$
        directions the cosine of the pair and those of $\Delta$ and of the sum with the axis become"""
    )
    count = symbol("directions")
    letters = sp.symbols("x_1:4", real=True)
    added = across_variance / 2 * sum(sp.diff(sum(one**2 for one in letters), one, 2) for one in letters)
    d.verify("what noise adds to a square in three directions", added, 3 * across_variance)
    gap, total = 2 * R**2 * (1 - c) + count * across_variance, 2 * R**2 * (1 + c) + count * sum_variance
    after = [(total - gap) / (total + gap), sp.sqrt(2 * R**2 * (1 - c) / gap), 2 * R / sp.sqrt(total + gap)]
    d.verify("without noise", [one.subs({across_variance: 0, sum_variance: 0}) for one in after], [c, 1, 1])
    d.output("after_projection", after, [r"c_{\mathrm{after}}", r"x_{\mathrm{after}}/x", r"M_{\mathrm{after}}/M"],
             "cosine of the pair after noise across and projection, and factors of x and of m1 + m2")  # fmt: skip
